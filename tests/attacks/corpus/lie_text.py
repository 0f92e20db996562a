# Answers in words that do not fit through every door: lone surrogates, NUL, escapes.
# ends: finished
# points: 0
def gradient(x):
    return "\ud800\x00\x1b]0;title\x07\u202e<script>alert(1)</script>" * 500
