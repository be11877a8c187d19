/**
 * CEL in admission: webhooks' matchConditions, ValidatingAdmissionPolicies and MutatingAdmissionPolicies with their bindings, and the types of their expressions.
 *
 * <pre>
 * Policy    = constraints, conditions, variables, and what it does; compiled with the first write that it matches
 * Binding   = a Policy's name, resources, parameters, actions
 * write     → Invocations (policy, binding, parameter) → decisions | a changed object
 * </pre>
 *
 * Nothing is followed or polled: policies and parameters are read of the store's index with each write and kept, parsed and compiled, until they change, so that they
 * hold for the first write after the one that made them. All is thread-safe.
 */
@NullMarked
package dev.kite.apiserver.policy;

import org.jspecify.annotations.NullMarked;
