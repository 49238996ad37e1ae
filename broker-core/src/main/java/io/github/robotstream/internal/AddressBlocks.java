package io.github.robotstream.internal;

import io.github.robotstream.internal.transport.IpLiteral;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Blocks of addresses in the notation of RFC 4632 section 3.1, and whether an address is in one of them. Immutable. */
public final class AddressBlocks implements Predicate<InetAddress> {
    private final List<Block> blocks;

    private AddressBlocks(List<Block> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    private record Block(InetAddress first, int prefixBits) {
        boolean contains(InetAddress address) {
            byte[] mine = first.getAddress();
            byte[] other = address.getAddress();
            if (mine.length != other.length) {
                return false;
            }
            for (int bit = 0; bit < prefixBits; bit++) {
                if (((mine[bit / 8] ^ other[bit / 8]) & (0x80 >> bit % 8)) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** No address. */
    public static AddressBlocks none() {
        return new AddressBlocks(List.of());
    }

    /**
     * These blocks.
     *
     * @param notations each an address, or an address, a slash and how many of its bits count
     * @throws IllegalArgumentException that names the one that is none
     */
    public static AddressBlocks of(String... notations) {
        List<Block> blocks = new ArrayList<>();
        for (String notation : notations) {
            int slash = notation.indexOf('/');
            String address = slash < 0 ? notation : notation.substring(0, slash);
            String bits = slash < 0 ? "" : notation.substring(slash + 1);
            InetAddress first = IpLiteral.parse(address).orElseThrow(() -> none(notation));
            int all = first.getAddress().length * 8;
            if (slash >= 0 && !bits.matches("[0-9]{1,3}")) {
                throw none(notation);
            }
            int prefixBits = bits.isEmpty() ? all : Integer.parseInt(bits);
            if (prefixBits > all) {
                throw none(notation);
            }
            blocks.add(new Block(first, prefixBits));
        }
        return new AddressBlocks(blocks);
    }

    private static IllegalArgumentException none(String notation) {
        return new IllegalArgumentException("\"" + notation
                + "\" is no block of addresses: write it like 10.1.0.0/16, fd00::/8, or an address alone");
    }

    @Override
    public boolean test(InetAddress address) {
        for (Block block : blocks) {
            if (block.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
