package dev.kite.cri;

/**
 * Whose a sandbox is.
 *
 * @param name the pod's name
 * @param namespace the pod's namespace
 * @param uid the pod's uid
 * @param attempt how many sandboxes the pod had before
 */
public record PodIdentity(String name, String namespace, String uid, int attempt) {}
