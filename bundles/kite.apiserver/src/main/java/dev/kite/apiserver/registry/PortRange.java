package dev.kite.apiserver.registry;

/**
 * The ports of NodePort Services, as {@code --service-node-port-range} writes them: {@code 30000-32767}, {@code 30000+100}, or one port.
 *
 * @param first the first port
 * @param last the last one, included
 */
record PortRange(int first, int last) {
    private static final int MAX = 65_535;

    PortRange {
        if (first < 0 || last > MAX || last < first) {
            throw new IllegalArgumentException("not a range of ports: " + first + "-" + last);
        }
    }

    /**
     * Reads a range.
     *
     * @throws IllegalArgumentException if it is none
     */
    static PortRange of(String text) {
        String range = text.strip();
        int dash = range.indexOf('-');
        int plus = range.indexOf('+');
        if (dash > 0) {
            return new PortRange(number(range.substring(0, dash)), number(range.substring(dash + 1)));
        }
        if (plus > 0) {
            int first = number(range.substring(0, plus));
            return new PortRange(first, Math.min(MAX, first + number(range.substring(plus + 1))));
        }
        return new PortRange(number(range), number(range));
    }

    private static int number(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a range of ports: " + text, e);
        }
    }

    int size() {
        return last - first + 1;
    }

    /** How many of the first are only given to who asks for them, as with addresses: min(max(16, size/32), 128). */
    int staticPart() {
        return size() <= 16 ? 0 : Math.min(Math.max(16, size() / 32), 128);
    }

    boolean contains(long port) {
        return port >= first && port <= last;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
