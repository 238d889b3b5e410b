"""The demo shop: the screens of the old program, and a French bookshop's fourteen months around them."""

from infra.demo.loader import DemoCredentials, demo_shop, load_if_empty

__all__ = ["DemoCredentials", "demo_shop", "load_if_empty"]
