package dev.kite.cri;

/**
 * What images take on a file system.
 *
 * @param mountpoint the folder of the snapshots
 * @param usedBytes bytes
 * @param inodesUsed inodes
 */
public record ImageFileSystem(String mountpoint, long usedBytes, long inodesUsed) {}
