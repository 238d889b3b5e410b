"""Printed papers, made with Typst: one template each, and nothing but its own fonts, so that they look alike everywhere."""

from infra.documents.papers import TypstPapers

__all__ = ["TypstPapers"]
