"""Creating customers so that none is lost and none is doubled: repeats, unknown outcomes, and delivery later.

`creates` is the entrance: one create comes in, one answer goes out. `create` is what one create is, `ledger` the table of those
whose fate is kept. Pure are `state` (how a create passes from state to state), `outcome` (what an answer means for it) and `match`
(whether a customer that was found is the one that was sent). `lookup` finds customers, `carrier` takes one step of one create,
`worker` the steps of all that nobody waits for. `desk` puts it all together.
"""
