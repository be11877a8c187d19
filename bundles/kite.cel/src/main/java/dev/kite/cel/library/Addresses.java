package dev.kite.cel.library;

import java.util.regex.Pattern;

/** Says why a text is no address, in the words of Go's parser and of Kubernetes', as far as they differ by cause. Stateless. */
final class Addresses {
    private static final Pattern LEADING_ZERO = Pattern.compile("(?:^|.*\\.)0[0-9]+(?:\\..*|$)");
    private static final Pattern DOTTED = Pattern.compile("[0-9]{1,3}(?:\\.[0-9]{1,3}){3}");

    private Addresses() {}

    /** Why a text that is no address is none. */
    static String error(String text) {
        int zone = text.indexOf('%');
        if (zone > 0 && Networks.parse(text.substring(0, zone)) != null && text.indexOf(':') >= 0) {
            return "IP address " + Texts.quote(text) + " with zone value is not allowed";
        }
        if (text.regionMatches(true, 0, "::ffff:", 0, 7) && Networks.parse(text.substring(7)) != null) {
            return "IPv4-mapped IPv6 address " + Texts.quote(text) + " is not allowed";
        }
        return "IP Address " + Texts.quote(text) + " parse error during conversion from string: ParseAddr("
                + Texts.quote(text) + "): " + cause(text);
    }

    private static String cause(String text) {
        if (text.length() < 46 && DOTTED.matcher(text).matches()) {
            return LEADING_ZERO.matcher(text).matches()
                    ? "IPv4 field has octet with leading zero"
                    : "IPv4 field has value >255";
        }
        return "unable to parse IP";
    }

    /** Why a text that is no address with a prefix is none. */
    static String prefixError(String text) {
        String start = "netip.ParsePrefix(" + Texts.quote(text) + "): ";
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            return start + "no '/'";
        }
        String address = text.substring(0, slash);
        return Networks.parse(address) == null
                ? start + "ParseAddr(" + Texts.quote(address) + "): " + cause(address)
                : start + "prefix length out of range";
    }
}
