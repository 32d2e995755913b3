"""What tests are made with: counties, workbooks, documents and damage; no tests."""
