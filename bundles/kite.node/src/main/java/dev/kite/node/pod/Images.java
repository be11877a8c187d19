package dev.kite.node.pod;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.kite.api.client.ApiException;
import dev.kite.api.client.KubernetesClient;
import dev.kite.cri.ContainerImage;
import dev.kite.cri.ContainerRuntime;
import dev.kite.cri.CriException;
import dev.kite.cri.RegistryAuth;
import dev.kite.cri.SandboxSpec;
import dev.kite.model.Bytes;
import dev.kite.model.core.v1.LocalObjectReference;
import dev.kite.model.core.v1.Pod;
import dev.kite.model.core.v1.Secret;
import dev.kite.node.KubeletArguments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gets images by their pull policy. One pull at a time on a node, as the kubelet does by default. Thread-safe. */
final class Images {
    private static final Logger LOG = LoggerFactory.getLogger(Images.class);

    private final ContainerRuntime runtime;
    private final KubernetesClient client;
    private final InstantSource clock;
    private final Semaphore pulling;
    private final TokenBucket pulls;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * What the kubelet's arguments say of pulls.
     *
     * @param together how many at once
     * @param perSecond how many a second, zero for any
     * @param burst how many at once after a pause
     */
    record Rules(int together, double perSecond, int burst) {
        private static final int MANY = 1000;

        static final Rules DEFAULT = new Rules(1, 5, 10);

        static Rules of(KubeletArguments arguments) {
            return new Rules(
                    arguments.given().flag("serialize-image-pulls", true) ? 1 : MANY,
                    arguments.given().number("registry-qps", 5),
                    Math.toIntExact(arguments.given().number("registry-burst", 10)));
        }
    }

    Images(ContainerRuntime runtime, KubernetesClient client, Rules rules, InstantSource clock) {
        this.pulling = new Semaphore(rules.together(), true);
        this.pulls = new TokenBucket(rules.perSecond(), rules.burst(), System::nanoTime);
        this.runtime = runtime;
        this.client = client;
        this.clock = clock;
    }

    /** What happens while an image is got; events, mostly. */
    interface Listener {
        void normal(String reason, String message);

        void warning(String reason, String message);
    }

    ContainerImage get(Pod pod, Containers.Ref container, SandboxSpec sandbox, Backoffs backoffs, Listener listener)
            throws SyncException, InterruptedException {
        String name = container.spec().image();
        String policy = container.spec().imagePullPolicy();
        Optional<ContainerImage> here = find(name);
        if (here.isPresent() && !policy.equals("Always")) {
            listener.normal(
                    "Pulled",
                    "Container image \"" + name + "\" already present on machine and can be accessed by the pod");
            return here.get();
        }
        if (policy.equals("Never")) {
            listener.warning(
                    SyncException.NEVER_PULL,
                    "Container image \"" + name + "\" is not present with pull policy of Never");
            throw new SyncException(
                    SyncException.NEVER_PULL,
                    "Container image \"" + name + "\" is not present with pull policy of Never");
        }
        return pull(pod, name, sandbox, backoffs, listener);
    }

    private ContainerImage pull(Pod pod, String name, SandboxSpec sandbox, Backoffs backoffs, Listener listener)
            throws SyncException, InterruptedException {
        String key = "image/" + name;
        Instant began = clock.instant();
        Instant until = backoffs.until(key, began);
        if (until != null) {
            listener.normal("BackOff", "Back-off pulling image \"" + name + "\"");
            listener.warning("Failed", "Error: " + SyncException.PULL_BACK_OFF);
            throw new SyncException(
                    SyncException.PULL_BACK_OFF, "Back-off pulling image \"" + name + "\"", null, until);
        }
        listener.normal("Pulling", "Pulling image \"" + name + "\"");
        if (!pulls.take()) {
            backoffs.tried(key, began, began);
            listener.warning("Failed", "Failed to pull image \"" + name + "\": pull QPS exceeded");
            throw new SyncException(SyncException.PULL, "pull QPS exceeded", null, began.plusSeconds(1));
        }
        pulling.acquire();
        Instant turn = clock.instant();
        try {
            pullWithAny(name, secrets(pod, name), sandbox);
            ContainerImage image = find(name)
                    .orElseThrow(() -> new SyncException(
                            SyncException.PULL, "image \"" + name + "\" was pulled and is not there"));
            backoffs.forget(key);
            listener.normal(
                    "Pulled",
                    "Successfully pulled image \"%s\" in %s (%s including waiting). Image size: %d bytes."
                            .formatted(name, since(turn), since(began), image.size()));
            return image;
        } catch (CriException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            listener.warning("Failed", "Failed to pull image \"" + name + "\": " + e.getMessage());
            listener.warning("Failed", "Error: " + SyncException.PULL);
            backoffs.tried(key, clock.instant(), clock.instant());
            throw new SyncException(
                    SyncException.PULL,
                    String.valueOf(e.getMessage()),
                    e,
                    clock.instant().plusSeconds(1));
        } finally {
            pulling.release();
        }
    }

    private String since(Instant began) {
        return Duration.between(began, clock.instant()).toMillis() + "ms";
    }

    private void pullWithAny(String name, List<RegistryAuth> auths, SandboxSpec sandbox) {
        CriException last = null;
        for (RegistryAuth auth : auths) {
            try {
                runtime.pull(name, auth, sandbox);
                return;
            } catch (CriException e) {
                last = e;
            }
        }
        if (last != null) {
            throw last;
        }
        runtime.pull(name, null, sandbox);
    }

    private Optional<ContainerImage> find(String name) throws SyncException {
        try {
            return runtime.image(name);
        } catch (CriException e) {
            boolean badName = String.valueOf(e.getMessage()).contains("invalid reference format");
            throw new SyncException(
                    badName ? SyncException.INVALID_NAME : "ImageInspectError", String.valueOf(e.getMessage()), e);
        }
    }

    private List<RegistryAuth> secrets(Pod pod, String image) {
        List<RegistryAuth> auths = new ArrayList<>();
        for (LocalObjectReference reference : pod.spec().imagePullSecrets()) {
            try {
                client.resource(Secret.RESOURCE)
                        .find(pod.metadata().namespace(), reference.name())
                        .ifPresent(secret -> auths.addAll(auths(secret, image)));
            } catch (ApiException e) {
                LOG.warn("Cannot read pull secret {}: {}", reference.name(), e.getMessage());
            }
        }
        return auths;
    }

    private List<RegistryAuth> auths(Secret secret, String image) {
        Bytes config = secret.data().get(".dockerconfigjson");
        Bytes old = secret.data().get(".dockercfg");
        try {
            JsonNode entries = config != null
                    ? json.readTree(config.toByteArray()).path("auths")
                    : json.readTree(old == null ? "{}".getBytes(StandardCharsets.UTF_8) : old.toByteArray());
            return matching(entries, image);
        } catch (JsonProcessingException e) {
            LOG.warn("Pull secret {} is not JSON", secret.metadata().name());
            return List.of();
        } catch (IOException e) {
            LOG.warn("Pull secret {} cannot be read", secret.metadata().name());
            return List.of();
        }
    }

    static List<RegistryAuth> matching(JsonNode entries, String image) {
        String registry = registry(image);
        List<RegistryAuth> auths = new ArrayList<>();
        entries.properties().forEach(entry -> {
            String key = entry.getKey()
                    .replaceFirst("^https?://", "")
                    .replaceFirst("/v[12]/?$", "")
                    .replaceFirst("/+$", "");
            boolean same = key.equals(registry)
                    || (registry.equals("docker.io") && key.equals("index.docker.io"))
                    || image.startsWith(key + "/");
            if (same) {
                JsonNode auth = entry.getValue();
                auths.add(new RegistryAuth(
                        auth.path("username").asText(""),
                        auth.path("password").asText(""),
                        auth.path("auth").asText(""),
                        registry,
                        auth.path("identitytoken").asText(""),
                        auth.path("registrytoken").asText("")));
            }
        });
        return auths;
    }

    /** The registry of an image's name: its first part if that looks like a host. */
    static String registry(String image) {
        int slash = image.indexOf('/');
        String first = slash < 0 ? "" : image.substring(0, slash);
        boolean host = first.contains(".") || first.contains(":") || first.equals("localhost");
        return host ? first : "docker.io";
    }
}
