"""The house rules, held by tests: what is said in docs/ and CONTRIBUTING.md is what the code does."""
