/**
 * The container runtime: pods' sandboxes, containers and images, as {@link dev.kite.cri.ContainerRuntime}, a service that is there while the runtime answers.
 *
 * <p>Grammar: a {@link dev.kite.cri.SandboxSpec} makes a {@link dev.kite.cri.Sandbox}; in it a {@link dev.kite.cri.ContainerSpec} makes a
 * {@link dev.kite.cri.Container}, created, running, exited; both are found by their labels.
 */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.cri;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
