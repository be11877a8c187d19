package dev.kite.dns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Header;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.ReverseMap;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Turns queries into responses (RFC 1035, 2308, 2782, 6891): the cluster's names from memory, others from upstream. Thread-safe. */
final class Responder {
    private static final long TTL = 5;
    private static final int UDP_BOUND = 512;

    private final ClusterZone zone;
    private final String domain;
    private final Forwarder upstream;

    /** Asks other servers. */
    interface Forwarder {
        /** Returns the answer's bytes with the query's id. */
        byte[] ask(byte[] query) throws IOException;
    }

    Responder(String domain, ClusterZone zone, Forwarder upstream) {
        this.domain = domain;
        this.zone = zone;
        this.upstream = upstream;
    }

    /**
     * Answers a query.
     *
     * @param query the message as received
     * @param stream whether the answer may be of any length (TCP)
     * @return the response, or null for what deserves none (not a query at all)
     */
    byte @Nullable [] answer(byte[] query, boolean stream) {
        Message request;
        try {
            request = new Message(query);
        } catch (IOException | RuntimeException e) {
            return malformed(query);
        }
        Header header = request.getHeader();
        if (header.getFlag(Flags.QR)) {
            return null;
        }
        Record question = request.getQuestion();
        if (question == null || header.getOpcode() != Opcode.QUERY) {
            return response(request, question == null ? Rcode.FORMERR : Rcode.NOTIMP)
                    .toWire();
        }
        if (question.getDClass() != DClass.IN) {
            return response(request, Rcode.REFUSED).toWire();
        }
        String name = text(question.getName());
        if (zone.owns(name)) {
            return fit(local(request, question, name), request, stream);
        }
        Message reverse = reverse(request, question);
        return reverse != null ? fit(reverse, request, stream) : forward(query, request);
    }

    private byte[] forward(byte[] query, Message request) {
        try {
            return upstream.ask(query);
        } catch (IOException e) {
            return response(request, Rcode.SERVFAIL).toWire();
        }
    }

    private static String text(Name name) {
        String text = name.toString(true).toLowerCase(Locale.ROOT);
        return text.equals(".") ? "" : text;
    }

    private Message local(Message request, Record question, String name) {
        ClusterZone.Found found = zone.find(name);
        if (found == null) {
            return negative(request, Rcode.NXDOMAIN);
        }
        Message response = response(request, Rcode.NOERROR);
        response.getHeader().setFlag(Flags.AA);
        try {
            fill(response, question, found);
        } catch (TextParseException | UnknownHostException e) {
            return response(request, Rcode.SERVFAIL);
        }
        return response.getSection(Section.ANSWER).isEmpty() ? negative(request, Rcode.NOERROR) : response;
    }

    private void fill(Message response, Record question, ClusterZone.Found found)
            throws TextParseException, UnknownHostException {
        Name name = question.getName();
        int type = question.getType();
        switch (found) {
            case ClusterZone.Found.Addresses(List<String> addresses) ->
                add(response, Section.ANSWER, name, type, shuffled(addresses));
            case ClusterZone.Found.Targets(List<ClusterZone.Target> targets) -> {
                if (type == Type.SRV || type == Type.ANY) {
                    targets(response, name, targets);
                }
            }
            case ClusterZone.Found.Alias(String target) -> alias(response, question, target);
            case ClusterZone.Found.Text(String text) -> {
                if (type == Type.TXT || type == Type.ANY) {
                    response.addRecord(new TXTRecord(name, DClass.IN, TTL, text), Section.ANSWER);
                }
            }
            case ClusterZone.Found.Empty() -> response.getHeader().setFlag(Flags.AA);
        }
    }

    private static void targets(Message response, Name name, List<ClusterZone.Target> targets)
            throws TextParseException, UnknownHostException {
        int weight = Math.max(1, 100 / targets.size());
        for (ClusterZone.Target target : targets) {
            Name host = Name.fromString(target.name() + ".");
            response.addRecord(new SRVRecord(name, DClass.IN, TTL, 0, weight, target.port(), host), Section.ANSWER);
            add(response, Section.ADDITIONAL, host, Type.ANY, target.addresses());
        }
    }

    /** An ExternalName: the alias, and what upstream or this zone says of its target. */
    private void alias(Message response, Record question, String target) throws TextParseException {
        Name host = Name.fromString(target.endsWith(".") ? target : target + ".");
        response.addRecord(new CNAMERecord(question.getName(), DClass.IN, TTL, host), Section.ANSWER);
        if (question.getType() == Type.CNAME) {
            return;
        }
        Message further = Message.newQuery(Record.newRecord(host, question.getType(), DClass.IN));
        byte[] answer = answer(further.toWire(), true);
        if (answer != null) {
            try {
                new Message(answer)
                        .getSection(Section.ANSWER)
                        .forEach(record -> response.addRecord(record, Section.ANSWER));
            } catch (IOException e) {
                // Upstream's answer can't be read: the alias stands alone and the client goes on from it.
                response.getHeader().setRcode(Rcode.NOERROR);
            }
        }
    }

    private static List<String> shuffled(List<String> addresses) {
        List<String> copy = new ArrayList<>(addresses);
        Collections.shuffle(copy);
        return copy;
    }

    private static void add(Message response, int section, Name name, int type, List<String> addresses)
            throws UnknownHostException {
        for (String address : addresses) {
            boolean six = address.indexOf(':') >= 0;
            if (type == Type.ANY || type == (six ? Type.AAAA : Type.A)) {
                InetAddress parsed = InetAddress.ofLiteral(address);
                Record record =
                        six ? new AAAARecord(name, DClass.IN, TTL, parsed) : new ARecord(name, DClass.IN, TTL, parsed);
                response.addRecord(record, section);
            }
        }
    }

    private @Nullable Message reverse(Message request, Record question) {
        if (question.getType() != Type.PTR) {
            return null;
        }
        InetAddress address;
        try {
            address = ReverseMap.fromName(question.getName());
        } catch (UnknownHostException | RuntimeException e) {
            return null;
        }
        List<String> names = zone.reverse(address.getHostAddress());
        if (names.isEmpty()) {
            return null;
        }
        Message response = response(request, Rcode.NOERROR);
        response.getHeader().setFlag(Flags.AA);
        for (String name : names) {
            try {
                response.addRecord(
                        new PTRRecord(question.getName(), DClass.IN, TTL, Name.fromString(name + ".")), Section.ANSWER);
            } catch (TextParseException e) {
                return response(request, Rcode.SERVFAIL);
            }
        }
        return response;
    }

    private Message negative(Message request, int code) {
        Message response = response(request, code);
        response.getHeader().setFlag(Flags.AA);
        try {
            Name apex = Name.fromString(domain + ".");
            long serial = System.currentTimeMillis() / 1000;
            response.addRecord(
                    new SOARecord(
                            apex,
                            DClass.IN,
                            TTL,
                            Name.fromString("ns.dns", apex),
                            Name.fromString("hostmaster", apex),
                            serial,
                            7200,
                            1800,
                            86400,
                            TTL),
                    Section.AUTHORITY);
        } catch (TextParseException e) {
            throw new IllegalStateException("the cluster's domain is no name: " + domain, e);
        }
        return response;
    }

    private static Message response(Message request, int code) {
        Message response = new Message(request.getHeader().getID());
        Header header = response.getHeader();
        header.setFlag(Flags.QR);
        header.setFlag(Flags.RA);
        if (request.getHeader().getFlag(Flags.RD)) {
            header.setFlag(Flags.RD);
        }
        header.setOpcode(request.getHeader().getOpcode());
        header.setRcode(code);
        Record question = request.getQuestion();
        if (question != null) {
            response.addRecord(question, Section.QUESTION);
        }
        if (request.getOPT() != null) {
            response.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        }
        return response;
    }

    private static byte[] fit(Message response, Message request, boolean stream) {
        OPTRecord options = request.getOPT();
        int bound = stream
                ? 65_535
                : options == null ? UDP_BOUND : Math.max(UDP_BOUND, Math.min(options.getPayloadSize(), 4096));
        return response.toWire(bound);
    }

    private static byte @Nullable [] malformed(byte[] query) {
        if (query.length < 12 || (query[2] & 0x80) != 0) {
            return null;
        }
        Message response = new Message(((query[0] & 0xff) << 8) | (query[1] & 0xff));
        response.getHeader().setFlag(Flags.QR);
        response.getHeader().setRcode(Rcode.FORMERR);
        return response.toWire();
    }
}
