package dev.kite.security.encryption;

import dev.kite.security.encryption.KmsService.Encrypted;
import dev.kite.security.encryption.KmsService.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kubernetes' provider kms of version v2: a seed, made here and encrypted by the KMS, is reused for all writes until the KMS names another key. As upstream, the key is asked
 * for each minute (every ten seconds while the KMS is not well), and a seed that could not be confirmed for three minutes no longer encrypts, though it still decrypts.
 * Thread-safe; no call to the KMS is made under the lock that readers take.
 */
final class KmsProvider implements Provider, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KmsProvider.class);
    private static final Duration WELL = Duration.ofMinutes(1);
    private static final Duration UNWELL = Duration.ofSeconds(10);
    private static final Duration MAX_UNCONFIRMED = Duration.ofMinutes(3);
    /** Seeds differ by key and by start of a server. */
    private static final int REMEMBERED = 1000;

    private final String name;
    private final byte[] prefix;
    private final KmsService service;
    private final InstantSource clock;
    private final Thread poller;
    private final ReentrantLock probing = new ReentrantLock();
    private volatile @Nullable Seed seed;
    private volatile int rotations;
    private volatile String fault = "the KMS has not answered yet";

    /** Guarded by itself. */
    private final Map<String, Sealing> opened = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sealing> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Seed(Sealing cipher, Encrypted encrypted, Instant until) {}

    KmsProvider(String name, KmsService service, InstantSource clock) {
        this.name = name;
        this.prefix = ("k8s:enc:kms:v2:" + name + ":").getBytes(StandardCharsets.UTF_8);
        this.service = service;
        this.clock = clock;
        probe();
        this.poller = Thread.ofVirtual().name("kite-kms-" + name).start(this::poll);
    }

    String name() {
        return name;
    }

    private void poll() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.sleep(fault.isEmpty() ? WELL : UNWELL);
                probe();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Asks the KMS how it is and takes up its key. Never throws. */
    void probe() {
        probing.lock();
        try {
            String before = fault;
            fault = probed();
            if (!fault.isEmpty() && !fault.equals(before)) {
                LOG.warn("The KMS {} is not well: {}", name, fault);
            }
        } finally {
            probing.unlock();
        }
    }

    private String probed() {
        try {
            Instant until = clock.instant().plus(MAX_UNCONFIRMED);
            Status status = service.status();
            if (!status.health().equals("ok")) {
                return "its health is " + status.health();
            }
            if (!status.version().equals("v2") && !status.version().equals("v2beta1")) {
                return "its version is " + status.version() + ", not v2";
            }
            EncryptedObject.checkKeyId(status.keyId());
            Seed current = seed;
            if (current != null && current.encrypted().keyId().equals(status.keyId())) {
                seed = new Seed(current.cipher(), current.encrypted(), until);
            } else {
                seed = fresh(status.keyId(), until);
                rotations = current == null ? rotations : rotations + 1;
            }
            return "";
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private Seed fresh(String keyId, Instant until) {
        byte[] random = SeededGcm.random();
        Encrypted encrypted = service.encrypt(random, UUID.randomUUID().toString());
        EncryptedObject.check(encrypted.keyId(), encrypted.ciphertext(), encrypted.annotations());
        if (!encrypted.keyId().equals(keyId)) {
            throw new IllegalStateException("it encrypts with another key than its status names");
        }
        Sealing cipher = new SeededGcm(random);
        synchronized (opened) {
            opened.put(cacheKey(encrypted, true), cipher);
        }
        return new Seed(cipher, encrypted, until);
    }

    /** How often the KMS has named another key than before. */
    int rotations() {
        return rotations;
    }

    /** What is wrong with the KMS now, empty for nothing. */
    String fault() {
        return fault;
    }

    @Override
    public boolean made(byte[] stored) {
        return Provider.startsWith(stored, prefix);
    }

    @Override
    public boolean isCurrent(byte[] stored) {
        Seed current = seed;
        if (!made(stored) || current == null) {
            return false;
        }
        EncryptedObject object = decode(stored);
        return object.seeded() && object.keyId().equals(current.encrypted().keyId());
    }

    @Override
    public byte[] seal(byte[] plain, String key) {
        Seed current = seed;
        if (current == null || clock.instant().isAfter(current.until())) {
            // Perhaps it has come back since it was last asked.
            probe();
            current = seed;
        }
        if (current == null || clock.instant().isAfter(current.until())) {
            throw new IllegalStateException("the KMS " + name + " is not well: " + fault);
        }
        byte[] data = current.cipher().seal(plain, key.getBytes(StandardCharsets.UTF_8));
        Encrypted encrypted = current.encrypted();
        return Provider.join(
                prefix,
                new EncryptedObject(data, encrypted.keyId(), encrypted.ciphertext(), encrypted.annotations(), true)
                        .encode());
    }

    @Override
    public byte[] open(byte[] stored, String key) {
        EncryptedObject object = decode(stored);
        Encrypted source = new Encrypted(object.source(), object.keyId(), object.annotations());
        String cacheKey = cacheKey(source, object.seeded());
        Sealing cipher;
        synchronized (opened) {
            cipher = opened.get(cacheKey);
        }
        if (cipher == null) {
            byte[] secret = service.decrypt(source, UUID.randomUUID().toString());
            cipher = object.seeded() ? new SeededGcm(secret) : new AesGcm(secret);
            synchronized (opened) {
                opened.put(cacheKey, cipher);
            }
        }
        return cipher.open(object.data(), key.getBytes(StandardCharsets.UTF_8));
    }

    private EncryptedObject decode(byte[] stored) {
        return EncryptedObject.decode(Arrays.copyOfRange(stored, prefix.length, stored.length));
    }

    private static String cacheKey(Encrypted source, boolean seeded) {
        StringBuilder key = new StringBuilder(seeded ? "1" : "0");
        Base64.Encoder encoder = Base64.getEncoder();
        key.append(encoder.encodeToString(source.ciphertext())).append(' ');
        key.append(encoder.encodeToString(source.keyId().getBytes(StandardCharsets.UTF_8)));
        source.annotations().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(annotation -> key.append(' ')
                        .append(annotation.getKey())
                        .append(' ')
                        .append(encoder.encodeToString(annotation.getValue())));
        return key.toString();
    }

    @Override
    public void close() {
        poller.interrupt();
        service.close();
    }
}
