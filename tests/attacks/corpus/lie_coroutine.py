# Hands in a coroutine that nobody awaits.
# ends: finished
# points: 0
async def gradient(x):
    return 3 * x**2
