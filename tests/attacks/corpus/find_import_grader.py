# 25. Imports the grader.
# ends: error
# points: 0
import grader.course


def gradient(x):
    return grader.course.load_course("exercises")
