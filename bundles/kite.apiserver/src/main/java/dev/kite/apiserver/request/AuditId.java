package dev.kite.apiserver.request;

/**
 * A request's audit ID: an attribute, made once, told in the answer and in audit events.
 *
 * @param text the ID
 */
public record AuditId(String text) {}
