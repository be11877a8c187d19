package dev.kite.apiserver.harness;

import dev.kite.http.InProcessResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fills an API with objects of 1 KB and lists them in every form, in a JVM of its own whose heap is bounded: {@code java -Xmx512m ... HeapLoad FOLDER OBJECTS}.
 * Prints the bytes held for each object, then the seconds and bytes of each list.
 */
public final class HeapLoad {
    private static final String MAPS = "/api/v1/namespaces/kube-public/configmaps";
    private static final List<String> FORMS = List.of(
            "application/json",
            "application/vnd.kubernetes.protobuf",
            "application/json;as=Table;v=v1;g=meta.k8s.io",
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
            "application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io");

    private HeapLoad() {}

    public static void main(String[] arguments) throws Exception {
        int objects = Integer.parseInt(arguments[1]);
        try (Api api = new Api(Path.of(arguments[0]))) {
            long before = used();
            fill(api, objects);
            System.out.println("held " + (used() - before) / objects);
            for (String form : FORMS) {
                long began = System.nanoTime();
                long bytes = list(api, form);
                System.out.printf("list %.2f s, %d bytes, %s%n", (System.nanoTime() - began) / 1e9, bytes, form);
            }
        }
    }

    private static void fill(Api api, int objects) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        String filler = "x".repeat(700);
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            writers.add(Thread.ofVirtual().start(() -> {
                for (int number; (number = next.getAndIncrement()) < objects; ) {
                    byte[] body = ("{\"metadata\":{\"name\":\"object-" + number
                                    + "\",\"labels\":{\"app\":\"load\"}},\"data\":{\"text\":\"" + filler + "\"}}")
                            .getBytes(StandardCharsets.UTF_8);
                    api.ask("POST", MAPS, "application/json", body).expect(201);
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private static long list(Api api, String form) throws IOException {
        try (InProcessResponse response = api.open("GET", MAPS, "", new byte[0], "Accept", form);
                InputStream body = response.body()) {
            byte[] part = new byte[64 * 1024];
            long bytes = 0;
            for (int count; (count = body.read(part)) >= 0; ) {
                bytes += count;
            }
            if (response.status() != 200) {
                throw new IllegalStateException(form + ": " + response.status());
            }
            return bytes;
        }
    }

    private static long used() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
