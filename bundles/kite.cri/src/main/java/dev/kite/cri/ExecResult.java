package dev.kite.cri;

/**
 * What a command in a container came to.
 *
 * @param exitCode its exit code
 * @param stdout its output
 * @param stderr its errors
 */
public record ExecResult(int exitCode, byte[] stdout, byte[] stderr) {}
