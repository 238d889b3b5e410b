"""What people do with the shop: one class per aggregate, one method per transaction."""
