"""The queue: a wake-up for workers. Who works on a run is decided in the database.

`celery -A grader.queue worker` finds the Celery app in grader/queue/celery.py.
"""
