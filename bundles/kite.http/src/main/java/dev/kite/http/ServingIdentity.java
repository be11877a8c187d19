package dev.kite.http;

/**
 * The API port's certificates and client authorities: a service that kite.security offers as soon as both exist, and that the API port requires before it
 * listens.
 */
public interface ServingIdentity extends ServerTls {}
