"""Registers the subcommands."""

import typer

from lakehouse.cli import (
    cost,
    dashboard,
    demo,
    docs,
    doctor,
    erase,
    generate,
    gold,
    gold_cost,
    gold_coverage,
    quality,
    quarantine,
    query,
    reconcile,
    rehearse,
    replicate,
    restore,
    run,
    seed,
    setup,
    silver,
    source,
    status,
    table_health,
    tenants,
    watch,
)


def register(app: typer.Typer) -> None:
    """Add every subcommand once, in the order in which help lists them."""
    if app.registered_commands:
        return
    app.add_typer(demo.app, name="demo")
    app.command("up")(source.up)
    app.command("down")(source.down)
    app.command("seed")(seed.seed)
    app.command("replicate")(replicate.replicate)
    app.command("silver")(silver.silver)
    app.command("gold")(gold.gold)
    app.command("gold-cost")(gold_cost.gold_cost)
    app.command("gold-coverage")(gold_coverage.gold_coverage)
    app.command("run")(run.run)
    app.command("watch")(watch.watch)
    app.command("query")(query.query)
    app.command("dashboard")(dashboard.dashboard)
    app.command("tenants")(tenants.tenants)
    app.command("status")(status.status)
    app.command("reconcile")(reconcile.reconcile)
    app.command("table-health")(table_health.table_health)
    app.command("quality")(quality.quality)
    app.command("restore")(restore.restore)
    app.command("erase")(erase.erase)
    app.add_typer(quarantine.app, name="quarantine")
    app.command("docs")(docs.docs)
    app.command("doctor")(doctor.doctor)
    app.command("rehearse")(rehearse.rehearse)
    app.command("setup")(setup.setup)
    app.command("cost")(cost.cost)
    app.command("generate")(generate.generate)
