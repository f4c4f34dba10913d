"""The simulated service: the ten operations, on disk, with every inferred behaviour and every fault a switch.

It states the contract by itself (`contract.json`) and shares no model or mapping code with the client: a mistake made
on both sides would cancel out. Of jmctl it knows the errors only; of it, only the command line knows. `Service` is the
heart and speaks no transport; `transport` puts it behind httpx in one process, `server` behind a socket.
"""
