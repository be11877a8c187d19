/** gRPC channels over unix sockets. The packages of grpc-java and protobuf-lite that this bundle exports are theirs, unchanged. */
@Export
@Version("1.0.0")
@NullMarked
package dev.kite.grpc;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
