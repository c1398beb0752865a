"""From desired posts, live posts and the ledger to a plan. Pure, but for asking Publer what there is."""
