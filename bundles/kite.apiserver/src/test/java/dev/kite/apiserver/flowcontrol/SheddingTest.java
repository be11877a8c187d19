package dev.kite.apiserver.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.api.http.HttpFilter;
import dev.kite.api.http.HttpHandler;
import dev.kite.api.http.QueryParameters;
import dev.kite.api.security.UserInfo;
import dev.kite.apiserver.flowcontrol.LevelSpec.Queuing;
import dev.kite.apiserver.request.WatchInitialization;
import dev.kite.apiserver.storage.Trees;
import dev.kite.http.InProcessExchange;
import dev.kite.http.InProcessResponse;
import dev.kite.security.RequestInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The filters under load, with bounded loops, and under configurations that nobody means well with. */
final class SheddingTest {
    private static final UserInfo ALICE = UserInfo.of("alice");
    private static final UserInfo ADMIN = UserInfo.of("admin", UserInfo.MASTERS);

    private final AtomicInteger refused = new AtomicInteger();

    private static FlowSchema everybody(String level) {
        return FlowSchema.of(Trees.parse(("""
                {"metadata":{"name":"everybody","uid":"schema-uid"},"spec":{"matchingPrecedence":100,
                "priorityLevelConfiguration":{"name":"%s"},"distinguisherMethod":{"type":"ByUser"},"rules":[{
                "subjects":[{"kind":"Group","group":{"name":"system:authenticated"}}],
                "resourceRules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"],"namespaces":["*"],
                "clusterScope":true}],"nonResourceRules":[{"verbs":["*"],"nonResourceURLs":["/a/*","/exact"]}]}]}}
                """).formatted(level).getBytes(StandardCharsets.UTF_8)));
    }

    private static FlowControl control(int seats, Queuing queuing) {
        FlowControl control = new FlowControl(seats, System::nanoTime);
        control.configure(
                List.of(new LevelSpec("narrow", "level-uid", false, 1000, 0, 0, queuing)),
                List.of(everybody("narrow"), FlowSchema.of(Suggested.exemptSchema())));
        return control;
    }

    private FairnessFilter filter(FlowControl control, Duration timeout) {
        WatchCounts watches = new WatchCounts();
        return new FairnessFilter(
                control,
                new WorkEstimator(_ -> null, watches),
                watches,
                timeout,
                System::nanoTime,
                (_, _) -> refused.incrementAndGet());
    }

    private static InProcessResponse ask(HttpFilter filter, UserInfo user, String path, HttpHandler handler)
            throws IOException {
        return InProcessExchange.request("GET", path).user(user).build().send(exchange -> {
            exchange.attribute(RequestInfo.class, RequestInfo.of(exchange.method(), exchange.path(), exchange.query()));
            filter.filter(exchange, handler);
        });
    }

    @Test
    void underLoadTheLimitHoldsTheRestIsRefusedAndAdministratorsPass() throws Exception {
        FlowControl control = control(4, new Queuing(2, 1, 3));
        FairnessFilter filter = filter(control, Duration.ofSeconds(30));
        int limit = control.route(ALICE, RequestInfo.of("GET", "/api/v1/pods/x", QueryParameters.parse("")))
                .level()
                .limit();
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Map<Integer, AtomicInteger> codes = new TreeMap<>(Map.of(200, new AtomicInteger(), 429, new AtomicInteger()));
        HttpHandler slow = _ -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            sleep(2);
            running.decrementAndGet();
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < 60; client++) {
                UserInfo user = UserInfo.of("user-" + client % 5);
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 20; i++) {
                        try (InProcessResponse answer = ask(filter, user, "/api/v1/pods/x", slow)) {
                            java.util.Objects.requireNonNull(codes.get(answer.status()))
                                    .incrementAndGet();
                            assertThat(answer.headers().first("X-Kubernetes-PF-PriorityLevel-UID"))
                                    .isEqualTo("level-uid");
                            assertThat(answer.headers().first("X-Kubernetes-PF-FlowSchema-UID"))
                                    .isEqualTo("schema-uid");
                        }
                    }
                    return null;
                }));
            }
            for (int i = 0; i < 50; i++) {
                try (InProcessResponse answer = ask(filter, ADMIN, "/api/v1/pods/x", _ -> sleep(1))) {
                    assertThat(answer.status()).isEqualTo(200);
                }
            }
            for (Future<?> one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        assertThat(most.get()).isLessThanOrEqualTo(limit);
        assertThat(codes.get(200).get()).as(codes.toString()).isPositive();
        assertThat(codes.get(429).get()).as(codes.toString()).isPositive();
        assertThat(codes.get(200).get() + codes.get(429).get()).isEqualTo(1200);
        assertThat(refused.get()).isEqualTo(codes.get(429).get());
        control.levels().forEach(share -> {
            assertThat(share.level().occupancy().idle())
                    .as(share.level().name())
                    .isTrue();
            assertThat(share.level().occupancy().seats()).isZero();
        });
    }

    private static void sleep(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aRefusalIsUpstreams() throws Exception {
        FlowControl control = control(1, null);
        FairnessFilter filter = filter(control, Duration.ofSeconds(30));
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        Thread first = Thread.ofVirtual().start(() -> {
            try {
                ask(filter, ALICE, "/a/b", _ -> {
                            inside.countDown();
                            await(over);
                        })
                        .close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        try (InProcessResponse answer = ask(filter, ALICE, "/exact", _ -> {})) {
            assertThat(answer.status()).isEqualTo(429);
            assertThat(answer.headers().first("Retry-After")).isEqualTo("1");
            assertThat(answer.headers().first("Content-Type")).isEqualTo("text/plain; charset=utf-8");
            assertThat(answer.headers().first("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(new String(answer.bytes(), StandardCharsets.UTF_8))
                    .isEqualTo("Too many requests, please try again later.\n");
        }
        over.countDown();
        assertThat(first.join(Duration.ofSeconds(10))).isTrue();
        try (InProcessResponse answer = ask(filter, ALICE, "/exact", _ -> {})) {
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aWatchHoldsItsSeatUntilItHasSentWhatIsThere() throws Exception {
        FlowControl control = control(1, null);
        FairnessFilter filter = filter(control, Duration.ofSeconds(30));
        List<Integer> codes = new ArrayList<>();
        ask(filter, ALICE, "/api/v1/pods?watch=true", exchange -> {
                    try (InProcessResponse during = ask(filter, ALICE, "/exact", _ -> {})) {
                        codes.add(during.status());
                    }
                    java.util.Objects.requireNonNull(exchange.attribute(WatchInitialization.class))
                            .done();
                    try (InProcessResponse after = ask(filter, ALICE, "/exact", _ -> {})) {
                        codes.add(after.status());
                    }
                })
                .close();
        assertThat(codes).containsExactly(429, 200);
        try (InProcessResponse answer = ask(filter, ALICE, "/api/v1/namespaces/a/pods/b/exec", exchange -> {
            try (InProcessResponse during = ask(filter, ALICE, "/exact", _ -> {})) {
                codes.add(during.status());
            }
            exchange.status(200);
        })) {
            assertThat(answer.status()).isEqualTo(200);
            assertThat(codes).endsWith(200);
        }
    }

    @Test
    void withoutFairnessSoManyReadAndSoManyChange() throws Exception {
        InflightFilter filter = new InflightFilter(1, 0, (_, _) -> refused.incrementAndGet());
        List<Integer> codes = new ArrayList<>();
        ask(filter, ALICE, "/api/v1/pods", _ -> {
                    for (UserInfo user : List.of(ALICE, ADMIN)) {
                        try (InProcessResponse during = ask(filter, user, "/api/v1/pods", _ -> {})) {
                            codes.add(during.status());
                        }
                    }
                    try (InProcessResponse during = ask(filter, ALICE, "/api/v1/pods?watch=true", _ -> {})) {
                        codes.add(during.status());
                    }
                    try (InProcessResponse during = InProcessExchange.request("DELETE", "/api/v1/namespaces/a/pods/b")
                            .user(ALICE)
                            .build()
                            .send(exchange -> {
                                exchange.attribute(
                                        RequestInfo.class,
                                        RequestInfo.of(exchange.method(), exchange.path(), exchange.query()));
                                filter.filter(exchange, _ -> {});
                            })) {
                        codes.add(during.status());
                    }
                })
                .close();
        assertThat(codes).containsExactly(429, 200, 200, 200);
        assertThat(refused.get()).isEqualTo(1);
        try (InProcessResponse after = ask(filter, ALICE, "/api/v1/pods", _ -> {})) {
            assertThat(after.status()).isEqualTo(200);
        }
    }

    @Test
    void manySchemasThatMatchNobodySlowRequestsLittle() {
        FlowControl control = new FlowControl(600, System::nanoTime);
        List<FlowSchema> schemas = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            schemas.add(FlowSchema.of(Trees.parse(("""
                    {"metadata":{"name":"s%d"},"spec":{"matchingPrecedence":%d,"priorityLevelConfiguration":
                    {"name":"catch-all"},"rules":[{"subjects":[{"kind":"User","user":{"name":"u%d"}}],"resourceRules":
                    [{"verbs":["get","list"],"apiGroups":["a","b"],"resources":["x/y","pods"],"namespaces":["n"]}]}]}}
                    """).formatted(i, 2 + i, i).getBytes(StandardCharsets.UTF_8))));
        }
        control.configure(List.of(), schemas);
        RequestInfo info = RequestInfo.of("GET", "/api/v1/namespaces/default/pods/x", QueryParameters.parse(""));
        long began = System.nanoTime();
        for (int i = 0; i < 1000; i++) {
            assertThat(control.route(ALICE, info).schema().name()).isEqualTo("catch-all");
        }
        // A thousand schemas, a thousand times: 20 nanoseconds each would be 20 ms; a loaded machine gets a hundred
        // times that.
        assertThat(System.nanoTime() - began).isLessThan(TimeUnit.SECONDS.toNanos(5));
    }

    @Test
    void sharesOfAnySizeAndLevelsWithoutAnyNeverBreakTheDivision() {
        FlowControl control = new FlowControl(600, System::nanoTime);
        for (int shares : new int[] {0, 1, Integer.MAX_VALUE}) {
            for (int lendable : new int[] {0, 50, 100}) {
                for (Integer borrowing : new Integer[] {null, 0, Integer.MAX_VALUE}) {
                    control.configure(
                            List.of(
                                    new LevelSpec("one", "", false, shares, lendable, borrowing, null),
                                    new LevelSpec(
                                            "two",
                                            "",
                                            false,
                                            0,
                                            100,
                                            0,
                                            new Queuing(10_000_000, 2, Integer.MAX_VALUE))),
                            List.of());
                    control.rebalance();
                    control.levels()
                            .forEach(share -> assertThat(share.level().limit())
                                    .as(share.level().name())
                                    .isBetween(0, share.highest()));
                }
            }
        }
    }

    @Test
    void whatALevelDoesNotUseOthersBorrow() throws Exception {
        FlowControl control = new FlowControl(100, System::nanoTime);
        control.configure(
                List.of(
                        new LevelSpec("idle", "", false, 50, 80, null, null),
                        new LevelSpec("busy", "", false, 45, 0, null, null)),
                List.of(everybody("busy")));
        LevelShare busy = control.levels().stream()
                .filter(share -> share.level().name().equals("busy"))
                .findFirst()
                .orElseThrow();
        Level level = busy.level();
        List<Seat> seats = new ArrayList<>();
        FlowStats stats = new FlowStats(control.metrics(), "busy", "everybody");
        RequestInfo info = RequestInfo.of("GET", "/exact", QueryParameters.parse(""));
        for (int i = 0; i < 45; i++) {
            Seat seat = new Seat(stats, "", 0, ALICE, info, Work.ONE, System.nanoTime());
            if (level.enter(seat, System.nanoTime(), _ -> {})) {
                seats.add(seat);
            }
        }
        sleep(20);
        control.rebalance();
        assertThat(level.limit()).isGreaterThan(busy.nominal());
        assertThat(control.levels().stream()
                        .filter(share -> share.level().name().equals("idle"))
                        .findFirst()
                        .orElseThrow()
                        .level()
                        .limit())
                .isLessThan(50);
        seats.forEach(level::leave);
    }

    @Test
    void aLevelThatIsTakenAwayServesWhoIsInIt() throws Exception {
        FlowControl control = control(1, new Queuing(1, 1, 10));
        Level level = control.route(ALICE, RequestInfo.of("GET", "/exact", QueryParameters.parse("")))
                .level();
        FlowStats stats = new FlowStats(control.metrics(), "narrow", "everybody");
        RequestInfo info = RequestInfo.of("GET", "/exact", QueryParameters.parse(""));
        Seat first = new Seat(stats, "", 0, ALICE, info, Work.ONE, System.nanoTime());
        assertThat(level.enter(first, System.nanoTime(), _ -> {})).isTrue();
        AtomicInteger served = new AtomicInteger();
        Thread second = Thread.ofVirtual().start(() -> {
            Seat seat = new Seat(stats, "", 0, ALICE, info, Work.ONE, System.nanoTime());
            if (level.enter(seat, System.nanoTime() + TimeUnit.SECONDS.toNanos(20), _ -> {})) {
                served.incrementAndGet();
                level.leave(seat);
            }
        });
        while (level.occupancy().waiting() == 0 && second.isAlive()) {
            sleep(1);
        }
        control.configure(List.of(), List.of());
        assertThat(level.quiescing()).isTrue();
        assertThat(control.levels()).anyMatch(share -> share.level() == level);
        level.leave(first);
        assertThat(second.join(Duration.ofSeconds(20))).isTrue();
        assertThat(served.get()).isEqualTo(1);
        control.rebalance();
        assertThat(control.levels()).noneMatch(share -> share.level() == level);
    }

    @Test
    void refusedClientsAreAskedToWaitLongerAsMoreAreRefused() {
        long[] now = {100};
        RetryAfter retry = new RetryAfter(() -> now[0]);
        assertThat(retry.refused()).isEqualTo(1);
        long most = 0;
        for (int second = 0; second < 200; second++) {
            now[0]++;
            for (int i = 0; i < 200; i++) {
                most = Math.max(most, retry.refused());
            }
        }
        assertThat(most).isEqualTo(32);
        for (int i = 0; i < 100; i++) {
            now[0] += 100;
            retry.refused();
        }
        assertThat(retry.refused()).isEqualTo(1);
    }
}
