package dev.kite.cel.eval;

/** A type as a value, known by its name. */
public record TypeValue(String name) {}
