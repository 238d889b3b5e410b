"""Projections for screens and scripts, on asyncpg directly and on connections that cannot write."""
