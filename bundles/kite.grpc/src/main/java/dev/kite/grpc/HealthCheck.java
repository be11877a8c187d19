package dev.kite.grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** gRPC's health protocol (grpc.health.v1), as far as a probe asks: over plain text, one call a connection. */
public final class HealthCheck {
    private static final String[] WORDS = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};

    private HealthCheck() {}

    /**
     * Asks a server.
     *
     * @param host the server's address
     * @param port its port
     * @param service the service that is asked about, empty for the server as a whole
     * @param timeout how long it may take
     * @return SERVING, NOT_SERVING, SERVICE_UNKNOWN or UNKNOWN
     * @throws IOException if there is no answer
     */
    public static String check(String host, int port, String service, Duration timeout) throws IOException {
        MethodDescriptor<String, Integer> method = MethodDescriptor.<String, Integer>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("grpc.health.v1.Health/Check")
                .setRequestMarshaller(new Request())
                .setResponseMarshaller(new Response())
                .build();
        ManagedChannel channel = OkHttpChannelBuilder.forAddress(host, port)
                .usePlaintext()
                .proxyDetector(target -> null)
                .disableServiceConfigLookUp()
                .build();
        try {
            int status = ClientCalls.blockingUnaryCall(
                    channel,
                    method,
                    CallOptions.DEFAULT.withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS),
                    service);
            return status >= 0 && status < WORDS.length ? WORDS[status] : WORDS[0];
        } catch (StatusRuntimeException e) {
            throw new IOException(e.getStatus().toString(), e);
        } finally {
            channel.shutdownNow();
        }
    }

    /** HealthCheckRequest: string service = 1. */
    private static final class Request implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String service) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                if (!service.isEmpty()) {
                    out.writeString(1, service);
                }
                out.flush();
                return new ByteArrayInputStream(bytes.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e); // memory does not fail
            }
        }

        @Override
        public String parse(InputStream stream) {
            throw new UnsupportedOperationException("a client reads no requests");
        }
    }

    /** HealthCheckResponse: enum status = 1. */
    private static final class Response implements MethodDescriptor.Marshaller<Integer> {
        @Override
        public InputStream stream(Integer status) {
            throw new UnsupportedOperationException("a client writes no responses");
        }

        @Override
        public Integer parse(InputStream stream) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(stream);
                int status = 0;
                int tag = in.readTag();
                while (tag != 0) {
                    if (tag == WireFormat.FieldType.ENUM.getWireType() + (1 << 3)) {
                        status = in.readEnum();
                    } else {
                        in.skipField(tag);
                    }
                    tag = in.readTag();
                }
                return status;
            } catch (IOException e) {
                throw Status.INTERNAL
                        .withDescription("malformed health answer")
                        .withCause(e)
                        .asRuntimeException();
            }
        }
    }
}
