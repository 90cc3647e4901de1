"""Packs: a folder that sets up a tree of tenants, read and checked as a whole before anything is changed.

    tenant.toml        the root, and where the data come from
    tenants.csv        everything below it: code,parent,level,category,name
    roles.toml         roles of the root, if there are any
    theme/tokens.toml  its colours, if it has its own

tenants/schema.json says what each of them may hold.
"""
