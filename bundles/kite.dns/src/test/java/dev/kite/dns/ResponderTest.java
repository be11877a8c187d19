package dev.kite.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kite.behaviour.Behaviour;
import dev.kite.model.core.v1.Service;
import dev.kite.model.core.v1.ServicePort;
import dev.kite.model.discovery.v1.Endpoint;
import dev.kite.model.discovery.v1.EndpointPort;
import dev.kite.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class ResponderTest {
    private final List<String> asked = new ArrayList<>();
    private final Responder responder =
            new Responder("cluster.local", new ClusterZone("cluster.local", new Objects()), query -> {
                asked.add(new Message(query).getQuestion().getName().toString());
                throw new IOException("no upstream here");
            });

    /** A cluster service, a headless one with a named and an unnamed endpoint, and an external name. */
    private static final class Objects implements ServiceSource {
        private final Map<String, Service> services =
                Map.of("web", made("web", "10.43.0.20"), "db", made("db", "None"), "away", external());
        private final EndpointSlice slice = EndpointSlice.builder()
                .metadata(m -> m.namespace("shop").name("db-1").labels(Map.of(SERVICE_NAME, "db")))
                .addressType("IPv4")
                .endpoints(List.of(
                        endpoint("10.42.0.7", "db-0", true),
                        endpoint("10.42.0.8", null, true),
                        endpoint("10.42.0.9", "db-2", false)))
                .addPorts(EndpointPort.builder()
                        .name("sql")
                        .protocol("TCP")
                        .port(5432)
                        .build())
                .build();

        private static Service made(String name, String ip) {
            return Service.builder()
                    .metadata(m -> m.namespace("shop").name(name))
                    .spec(s -> s.clusterIP(ip)
                            .clusterIPs(List.of(ip))
                            .addPorts(ServicePort.builder()
                                    .name("http")
                                    .protocol("TCP")
                                    .port(80)
                                    .build()))
                    .build();
        }

        private static Service external() {
            return Service.builder()
                    .metadata(m -> m.namespace("shop").name("away"))
                    .spec(s -> s.type("ExternalName").externalName("example.org"))
                    .build();
        }

        private static Endpoint endpoint(String address, String host, boolean ready) {
            return Endpoint.builder()
                    .addresses(List.of(address))
                    .hostname(host)
                    .conditions(c -> c.ready(ready))
                    .build();
        }

        @Override
        public boolean namespaceExists(String namespace) {
            return namespace.equals("shop");
        }

        @Override
        public Service service(String namespace, String name) {
            return namespace.equals("shop") ? services.get(name) : null;
        }

        @Override
        public Collection<EndpointSlice> slices(String namespace, String service) {
            return service.equals("db") ? List.of(slice) : List.of();
        }

        @Override
        public Collection<Service> servicesByAddress(String address) {
            return address.equals("10.43.0.20") ? List.of(services.get("web")) : List.of();
        }

        @Override
        public Collection<EndpointSlice> slicesByAddress(String address) {
            return address.startsWith("10.42.0.") ? List.of(slice) : List.of();
        }
    }

    private Message ask(String name, int type) throws Exception {
        Message query = Message.newQuery(Record.newRecord(Name.fromString(name), type, DClass.IN));
        Message answer = new Message(responder.answer(query.toWire(), false));
        assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
        return answer;
    }

    private List<String> answers(String name, int type) throws Exception {
        return ask(name, type).getSection(Section.ANSWER).stream()
                .map(Record::rdataToString)
                .sorted()
                .toList();
    }

    @Test
    @Behaviour("cluster DNS with A, AAAA, SRV and PTR, headless Services, forwarding upstream")
    void servicesHaveTheirClusterAddress() throws Exception {
        assertThat(answers("web.shop.svc.cluster.local.", Type.A)).containsExactly("10.43.0.20");
        assertThat(answers("WEB.shop.svc.Cluster.Local.", Type.A)).containsExactly("10.43.0.20");
    }

    @Test
    void headlessServicesHaveTheirReadyEndpoints() throws Exception {
        assertThat(answers("db.shop.svc.cluster.local.", Type.A)).containsExactly("10.42.0.7", "10.42.0.8");
        assertThat(answers("db-0.db.shop.svc.cluster.local.", Type.A)).containsExactly("10.42.0.7");
        assertThat(answers("10-42-0-8.db.shop.svc.cluster.local.", Type.A)).containsExactly("10.42.0.8");
        assertThat(ask("db-2.db.shop.svc.cluster.local.", Type.A).getRcode()).isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void portsHaveTargets() throws Exception {
        assertThat(answers("_http._tcp.web.shop.svc.cluster.local.", Type.SRV))
                .containsExactly("0 100 80 web.shop.svc.cluster.local.");
        assertThat(answers("_sql._tcp.db.shop.svc.cluster.local.", Type.SRV))
                .containsExactly(
                        "0 50 5432 10-42-0-8.db.shop.svc.cluster.local.", "0 50 5432 db-0.db.shop.svc.cluster.local.");
    }

    @Test
    void addressesHaveNames() throws Exception {
        assertThat(answers("20.0.43.10.in-addr.arpa.", Type.PTR)).containsExactly("web.shop.svc.cluster.local.");
        assertThat(answers("7.0.42.10.in-addr.arpa.", Type.PTR)).containsExactly("db-0.db.shop.svc.cluster.local.");
    }

    @Test
    void aNameWithoutTheTypeIsNoErrorAndAnUnknownNameIsNone() throws Exception {
        Message none = ask("web.shop.svc.cluster.local.", Type.AAAA);
        assertThat(none.getRcode()).isEqualTo(Rcode.NOERROR);
        assertThat(none.getSection(Section.ANSWER)).isEmpty();
        assertThat(none.getSection(Section.AUTHORITY)).hasSize(1);
        assertThat(ask("shop.svc.cluster.local.", Type.A).getRcode()).isEqualTo(Rcode.NOERROR);
        for (String name : List.of(
                "x.shop.svc.cluster.local.",
                "web.x.svc.cluster.local.",
                "x.cluster.local.",
                "a.web.shop.svc.cluster.local.")) {
            assertThat(ask(name, Type.A).getRcode()).as(name).isEqualTo(Rcode.NXDOMAIN);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void podsHaveTheirDashedNames() throws Exception {
        assertThat(answers("10-42-0-5.shop.pod.cluster.local.", Type.A)).containsExactly("10.42.0.5");
        assertThat(ask("10-42-0-999.shop.pod.cluster.local.", Type.A).getRcode())
                .isEqualTo(Rcode.NXDOMAIN);
    }

    @Test
    void theSchemaVersionIsPublished() throws Exception {
        assertThat(answers("dns-version.cluster.local.", Type.TXT)).containsExactly("1.1.0");
    }

    @Test
    void externalNamesAreAliases() throws Exception {
        assertThat(answers("away.shop.svc.cluster.local.", Type.A)).containsExactly("example.org.");
        assertThat(asked).containsExactly("example.org.");
    }

    @Test
    void otherNamesGoUpstreamAndItsFailureIsSaid() throws Exception {
        assertThat(ask("example.com.", Type.A).getRcode()).isEqualTo(Rcode.SERVFAIL);
        assertThat(asked).containsExactly("example.com.");
    }

    @Test
    void garbageIsAnsweredWithAFormatErrorOrNotAtAll() throws Exception {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] garbage = new byte[random.nextInt(64)];
            random.nextBytes(garbage);
            byte[] answer = responder.answer(garbage, i % 2 == 0);
            if (answer != null) {
                assertThat(new Message(answer).getHeader().getFlag(Flags.QR)).isTrue();
            }
        }
    }

    @Test
    void aLongAnswerIsCutForDatagramsAndWholeOnAStream() throws Exception {
        Message query =
                Message.newQuery(Record.newRecord(Name.fromString("web.shop.svc.cluster.local."), Type.A, DClass.IN));
        assertThat(new Message(responder.answer(query.toWire(), true))
                        .getHeader()
                        .getFlag(Flags.TC))
                .isFalse();
        assertThat(responder.answer(query.toWire(), false).length).isLessThanOrEqualTo(512);
    }
}
