"""Long runs that look for what happens rarely or slowly: `nox -s soak`. A short form is in tests/scenarios/test_soak.py."""
