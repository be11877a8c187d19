package dev.kite.apiserver.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.apiserver.harness.Api;
import dev.kite.apiserver.registry.ApiResource;
import dev.kite.apiserver.registry.BuiltIns;
import dev.kite.behaviour.Behaviour;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventTimeTest {
    @Test
    @Behaviour("Events expire by --event-ttl")
    void eventsGoWhenTheirTimeIsOver(@TempDir Path folder) throws Exception {
        try (Api api = new Api(folder);
                Followers followers = new Followers(api.store())) {
            ApiResource events = BuiltIns.resources(Set.of()).stream()
                    .filter(resource -> resource.is("", "events"))
                    .findFirst()
                    .orElseThrow();
            Objects objects = new Objects(
                    api.store(), followers, Duration.ofSeconds(1), new dev.kite.apiserver.conversion.Conversions(null));
            String key = Keys.object(events.stored().folder(), "default", "e");
            String event =
                    "{\"kind\":\"Event\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"e\",\"namespace\":\"default\"}}";
            objects.put(events, key, Trees.parse(event.getBytes(StandardCharsets.UTF_8)), 0);
            api.get("/api/v1/namespaces/default/events/e").expect(200);
            long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            while (api.get("/api/v1/namespaces/default/events/e").code() == 200 && System.nanoTime() < until) {
                Thread.sleep(50);
            }
            assertThat(api.get("/api/v1/namespaces/default/events/e").code()).isEqualTo(404);
        }
    }
}
