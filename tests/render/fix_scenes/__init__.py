"""A scene for each code that blocks a post, with the fixes that plan prints for it: `tests/render/test_fixes.py` plays them."""
