package dev.kite.cri;

import com.google.protobuf.MessageLite;
import dev.kite.grpc.UnixChannels;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.lite.ProtoLiteUtils;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** Calls by name over one connection. Thread-safe. */
final class CriChannel implements AutoCloseable {
    private final ManagedChannel channel;

    CriChannel(Path socket) {
        channel = UnixChannels.open(socket);
    }

    /**
     * Calls a method that gives one answer.
     *
     * @param path the service's and method's full name
     * @param request the request
     * @param answer the default instance of the answer
     * @param deadline how long it may take; zero for no limit
     */
    <Q extends MessageLite, A extends MessageLite> A call(String path, Q request, A answer, Duration deadline) {
        CallOptions options = deadline.isZero()
                ? CallOptions.DEFAULT
                : CallOptions.DEFAULT.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return ClientCalls.blockingUnaryCall(
                    channel, method(path, MethodDescriptor.MethodType.UNARY, request, answer), options, request);
        } catch (StatusRuntimeException e) {
            throw failure(path, e);
        }
    }

    /** Calls a method that gives many answers; the iterator throws StatusRuntimeException when it ends badly. */
    <Q extends MessageLite, A extends MessageLite> Iterator<A> stream(String path, Q request, A answer) {
        return ClientCalls.blockingServerStreamingCall(
                channel,
                method(path, MethodDescriptor.MethodType.SERVER_STREAMING, request, answer),
                CallOptions.DEFAULT,
                request);
    }

    CriException failure(String path, StatusRuntimeException e) {
        Status status = e.getStatus();
        CriException.Code code = switch (status.getCode()) {
            case NOT_FOUND -> CriException.Code.NOT_FOUND;
            case ALREADY_EXISTS -> CriException.Code.ALREADY_EXISTS;
            case UNAVAILABLE -> CriException.Code.UNAVAILABLE;
            case DEADLINE_EXCEEDED -> CriException.Code.DEADLINE_EXCEEDED;
            case UNIMPLEMENTED -> CriException.Code.UNIMPLEMENTED;
            case CANCELLED -> CriException.Code.CANCELLED;
            default -> CriException.Code.OTHER;
        };
        if (code == CriException.Code.UNAVAILABLE) {
            channel.resetConnectBackoff(); // the next call tries anew, whatever gRPC's back-off says
        }
        String words = status.getDescription();
        String message = words == null ? path.substring(path.lastIndexOf('/') + 1) + ": " + status.getCode() : words;
        return new CriException(code, message, e);
    }

    private static <Q extends MessageLite, A extends MessageLite> MethodDescriptor<Q, A> method(
            String path, MethodDescriptor.MethodType type, Q request, A answer) {
        return MethodDescriptor.<Q, A>newBuilder()
                .setType(type)
                .setFullMethodName(path)
                .setRequestMarshaller(ProtoLiteUtils.marshaller(instanceOf(request)))
                .setResponseMarshaller(ProtoLiteUtils.marshaller(answer))
                .build();
    }

    @SuppressWarnings("unchecked") // a message's default instance is of its own class
    private static <Q extends MessageLite> Q instanceOf(Q message) {
        return (Q) message.getDefaultInstanceForType();
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
