"""Colours, the same in every chart and legible on light and on dark; the rest is in config.toml."""

MAIN = "#4F6BED"
SOFT = "#A9B8F8"
GOOD = "#12A37F"
BAD = "#E5555E"
CAUTION = "#E9A23B"
QUIET = "#8A94A6"
# Kinds that have no better or worse.
KINDS = [MAIN, "#16A9B7", CAUTION, "#C061CB", GOOD, "#EC7A5C", QUIET]
# From not due to long overdue.
AGES = [SOFT, CAUTION, "#EC7A5C", BAD]
# Text on pale colours, on a light page and on a dark one.
INK, INK_ON_DARK = "#1B2333", "#E7EBF3"
HEIGHT = 280
_BARS = """<rect x="1" y="18" width="6" height="11" rx="2" opacity=".45"/>
<rect x="10" y="11" width="6" height="18" rx="2" opacity=".7"/>
<rect x="19" y="4" width="6" height="25" rx="2"/>"""
# Drawn here: Streamlit would fetch an icon by name from another host.
ICON = f"""<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32" viewBox="-3 0 32 32">
<g fill="{MAIN}">{_BARS}</g></svg>"""
LOGO = f"""<svg xmlns="http://www.w3.org/2000/svg" width="212" height="32" viewBox="0 0 212 32">
<g fill="{MAIN}">{_BARS}
<text x="35" y="23" font-family="Source Sans, Source Sans 3, system-ui, sans-serif" font-size="19"
font-weight="650" letter-spacing="-.3">Tenant Lakehouse</text></g></svg>"""

# What Streamlit's own settings cannot say: figures of equal width, tighter cards, and paper.
STYLE = """
<style>
[data-testid="stMetricValue"], [data-testid="stMetricDelta"], table
    { font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
[data-testid="stMetricLabel"] p { font-size: 0.85rem; opacity: 0.75; }
.block-container, [data-testid="stMainBlockContainer"] { max-width: 1360px; padding-top: 2.5rem; }
.lakehouse-title { display: flex; align-items: baseline; gap: .75rem; flex-wrap: wrap; }
.lakehouse-title h1 { font-size: 1.75rem; font-weight: 650; padding: 0; letter-spacing: -0.02em; }
.lakehouse-title span { opacity: .65; font-size: .9rem; }
.lakehouse-card { font-weight: 600; font-size: .95rem; margin: 0; }
.lakehouse-card small { font-weight: 400; opacity: .65; font-size: .8rem; margin-left: .5rem; }
@media print {
  [data-testid="stSidebar"], [data-testid="stHeader"], [data-testid="stToolbar"],
  [data-testid="stPopover"] { display: none !important; }
  [data-testid="stMain"], [data-testid="stAppViewContainer"], .stApp, html, body
    { overflow: visible !important; height: auto !important; position: static !important; }
  [data-testid="stVerticalBlockBorderWrapper"], [data-testid="stMetric"] { break-inside: avoid; }
}
</style>
"""
