package dev.kite.store.engine;

/** What reads see: one revision, whole. Published by one volatile write. */
record State(Index index, long revision, long valueBytes) {}
