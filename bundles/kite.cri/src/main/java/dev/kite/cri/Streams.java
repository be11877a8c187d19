package dev.kite.cri;

/**
 * Which streams of an exec or attach are wanted.
 *
 * @param stdin standard input
 * @param stdout standard output
 * @param stderr standard error; not with a terminal
 * @param tty a terminal
 */
public record Streams(boolean stdin, boolean stdout, boolean stderr, boolean tty) {}
