"""The use cases: plan, apply, observe, recover, import, read results. Neither prints nor parses arguments."""
