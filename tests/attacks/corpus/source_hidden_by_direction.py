# 39. A comment that reads as code and code that reads as a comment, by marks of direction.
# ends: finished
# points: 0
def gradient(x):
    answer = x  # ‮⁦ 2**x * 3 = rewsna⁩
    return answer
