"""Live mode: replication, Silver and Gold as processes that go on, watched by one that starts them.

Each stage says in a file of its own how far it is (`status`). What a stage did is durable by the
rules of that stage, so a process that dies is just started again.
"""
