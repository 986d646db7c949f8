// Loaded into the server of the soak, with --expose-gc: what is left after each collection is what a leak would show in.
setInterval(globalThis.gc, 1000).unref();
