# 33. Ends the program from within its function.
# ends: error
# points: 0
def gradient(x):
    quit()
