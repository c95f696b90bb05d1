"""Tenants' business at a glance, from Gold alone (docs/DASHBOARD.md).

`serve` checks and starts, `app` is what Streamlit runs, `gold` asks. `sections` holds a module for
each page: its questions, what it shows of the answers, its charts.
"""
