"""Tests of storage/policy beyond the contract."""
