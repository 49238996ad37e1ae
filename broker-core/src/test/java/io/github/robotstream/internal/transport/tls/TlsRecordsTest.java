package io.github.robotstream.internal.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.internal.worker.ByteBudget;
import java.nio.ByteBuffer;
import java.util.Random;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsRecordsTest {
    private static final int HANDSHAKE = 22;
    private static final int DATA = 23;

    private final ByteBudget budget = new ByteBudget(64 * 1024);
    private final TlsRecords records = new TlsRecords(budget);

    private static byte[] record(int type, int length) {
        byte[] record = new byte[5 + length];
        new Random(length).nextBytes(record);
        record[0] = (byte) type;
        record[1] = 3;
        record[2] = 3;
        record[3] = (byte) (length >> Byte.SIZE);
        record[4] = (byte) length;
        return record;
    }

    private static byte[] rest(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void wholeOnesAreNotCopied() throws Exception {
        ByteBuffer in = ByteBuffer.wrap(record(HANDSHAKE, 1000));

        assertThat(records.next(in)).isSameAs(in);
        assertThat(budget.heldBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 511, 5000})
    void onesInPiecesArePutTogether(int piece) throws Exception {
        byte[][] sent = {record(HANDSHAKE, 300), record(DATA, 16 * 1024 + 2048), record(DATA, 0), record(DATA, 507)};
        for (byte[] record : sent) {
            ByteBuffer whole = null;
            for (int at = 0; at < record.length; at += piece) {
                assertThat(whole).isNull();
                whole = records.next(ByteBuffer.wrap(record, at, Math.min(piece, record.length - at)));
                assertThat(budget.heldBytes())
                        .as("twice what has arrived, or the first step")
                        .isLessThanOrEqualTo(Math.max(512, 2L * (at + piece)));
            }
            assertThat(whole).isNotNull();
            assertThat(rest(whole)).isEqualTo(record);
            assertThat(budget.heldBytes()).isZero();
        }
    }

    @Test
    void whatIsForgottenIsGivenBack() throws Exception {
        assertThat(records.next(ByteBuffer.wrap(record(HANDSHAKE, 3000), 0, 2000)))
                .isNull();
        assertThat(budget.heldBytes()).isPositive();

        records.clear();

        assertThat(budget.heldBytes()).isZero();
    }

    @Test
    void withoutMemoryItIsRefused() {
        assertThat(budget.tryReserve(64 * 1024 - 1000)).isTrue();

        assertThatThrownBy(() -> records.next(ByteBuffer.wrap(record(HANDSHAKE, 3000), 0, 2000)))
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("memory");

        records.clear();
        assertThat(budget.heldBytes()).isEqualTo(64 * 1024 - 1000);
    }

    @Test
    void whatIsNoTlsIsSeenAtItsFirstByte() {
        assertThatThrownBy(() -> records.next(ByteBuffer.wrap(new byte[] {'G'})))
                .isInstanceOf(TlsRecords.NotTlsException.class);
        assertThatThrownBy(() -> records.next(ByteBuffer.wrap(new byte[] {DATA})))
                .as("data before a handshake")
                .isInstanceOf(TlsRecords.NotTlsException.class);
    }

    @Test
    void aLengthThatNoRecordHasIsRefusedBeforeAnythingIsKept() {
        assertThatThrownBy(() -> records.next(ByteBuffer.wrap(record(HANDSHAKE, 16 * 1024 + 2049), 0, 6)))
                .isInstanceOf(TlsRecords.NotTlsException.class);
        assertThat(budget.heldBytes()).isZero();
    }
}
