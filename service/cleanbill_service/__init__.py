"""cleanbill over HTTP. Its rooms, ground floor up, where imports only go down.

`problems`, `protocol`, `answers`, `bodies`, `logs`, `routes`, `server`: HTTP itself. `caller`: who asks. `store/`: what outlives a
request. `upstream/`: the way to Zenskar. `vault`, `settings`, `kept_reports`: what is encrypted, what an operator sets, what was
found. `delivery/`: creates, none lost and none doubled. `gateway/`, `api`, `catalogue`: what clients use. `app` puts it together,
`commands` and `demo` start it. `sandbox/` is a fake Zenskar that shares nothing with the rest.
"""
