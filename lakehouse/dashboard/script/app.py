"""What `streamlit run` is given. Alone in its folder: Streamlit makes that folder importable."""

from lakehouse.dashboard.app import main

main()
