package io.github.robotstream.protocol;

import static io.github.robotstream.testing.ClientFrames.BINARY;
import static io.github.robotstream.testing.ClientFrames.CONTINUATION;
import static io.github.robotstream.testing.ClientFrames.FIN;
import static io.github.robotstream.testing.ClientFrames.bytes;
import static io.github.robotstream.testing.ClientFrames.concat;
import static io.github.robotstream.testing.ClientFrames.frame;
import static io.github.robotstream.testing.ClientFrames.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.robotstream.Message;
import io.github.robotstream.Payload;
import io.github.robotstream.Permissions;
import io.github.robotstream.RequestRate;
import io.github.robotstream.Topic;
import io.github.robotstream.TopicFilter;
import io.github.robotstream.testing.BinaryMessages;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages whose value is bytes: to clients that take them as they are and to others, and from clients. */
class ProtocolBinaryTest extends ProtocolContract {
    private static final Topic<ByteBuffer> CAMERA = Topic.binary("camera", "image/jpeg");
    private static final Topic<Double> VOLTAGE = Topic.state("voltage", "float", Double.class);
    private static final byte[] PIXELS = bytes(0xff, 0xd8, 0, 1, 2, 0x80, 0xc0);

    private static final String HEAD =
            json("{'action':'publish','topic':'camera','data':{'name':'camera','type':'image/jpeg'}}");
    private static final String TEXT = json("{'action':'publish','topic':'camera','data':{'name':'camera',"
            + "'type':'image/jpeg','data':'/9gAAQKAwA=='}}");

    private ContractClient binarySubscriber(String topic) throws Exception {
        return subscriberWith(topic, "'binary':true");
    }

    private ContractClient subscriberWith(String topic, String options) throws Exception {
        ContractClient client =
                connect().send(json("{'action':'subscribe','topic':'" + topic + "','options':{" + options + "}}"));
        test.settle();
        return client;
    }

    private void robotPublishes(byte[] value) {
        test.settle();
        assertThat(test.broker().publish(CAMERA, ByteBuffer.wrap(value))).isTrue();
        test.settle();
    }

    private static byte[] published(String head, byte[] value) {
        return BinaryMessages.of(head, value);
    }

    @Test
    void whoAskedForBytesGetsHeadAndBytesAndOthersGetBase64() throws Exception {
        start();
        ContractClient binary = binarySubscriber("camera");
        ContractClient text = subscriber("camera");
        ContractClient flat = test.connect("frame=flat").send(subscribe("camera"));

        robotPublishes(PIXELS);

        byte[] message = binary.binary();
        assertThat(BinaryMessages.head(message)).isEqualTo(HEAD);
        assertThat(BinaryMessages.bytes(message)).isEqualTo(PIXELS);
        assertThat((message.length - PIXELS.length) % 8).isZero();
        assertThat(binary.frames()).isEmpty();
        assertThat(text.frame()).isEqualTo(TEXT);
        assertThat(text.binaries()).isEmpty();
        assertThat(flat.frame()).isEqualTo(json("{'name':'camera','type':'image/jpeg','data':'/9gAAQKAwA=='}"));
    }

    @Test
    void theLayoutIsTheDocumentedOne() throws Exception {
        start();
        ContractClient binary = binarySubscriber("camera");

        robotPublishes(PIXELS);

        // As docs/protocol.md has it: 4 bytes of length, 84 of text and blanks, and the bytes from 88 on.
        byte[] head = Arrays.copyOf(utf8(HEAD), 84);
        Arrays.fill(head, HEAD.length(), 84, (byte) ' ');
        assertThat(binary.binary()).isEqualTo(concat(bytes(0, 0, 0, 84), head, PIXELS));
    }

    @Test
    void metaAndNamesStandInTheHead() throws Exception {
        start();
        ContractClient client = connect()
                .send(json(
                        "{'action':'subscribe','topic':'camera','sub':'view','options':{'binary':true,'meta':true}}"));

        robotPublishes(PIXELS);

        byte[] message = client.binary();
        assertThat(BinaryMessages.head(message))
                .startsWith(HEAD.substring(0, HEAD.length() - 1) + json(",'sub':'view','seq':1,'epoch':'"))
                .endsWith(json("'retained':false,'from':'robot'}"));
        assertThat(BinaryMessages.bytes(message)).isEqualTo(PIXELS);
        assertThat((message.length - PIXELS.length) % 8).isZero();
    }

    @Test
    void base64HasRoomForMetaToo() throws Exception {
        start();
        ContractClient client = subscriberWith("camera", "'meta':true");

        robotPublishes(PIXELS);

        assertThat(client.frame()).startsWith(TEXT.substring(0, TEXT.length() - 1) + json(",'seq':1,"));
    }

    @Test
    void aValueWithoutBytesIsAMessageToo() throws Exception {
        start();
        ContractClient binary = binarySubscriber("camera");
        ContractClient text = subscriber("camera");

        robotPublishes(new byte[0]);

        assertThat(BinaryMessages.bytes(binary.binary())).isEmpty();
        assertThat(text.frame()).contains(json("'data':''}}"));
    }

    @Test
    void jsonComesAsTextToThoseWhoTakeBytes() throws Exception {
        start();
        ContractClient client = binarySubscriber("#");

        robotPublishes("pose", "1");
        robotPublishes(PIXELS);

        assertThat(client.frame()).isEqualTo(message("pose", "1"));
        assertThat(BinaryMessages.bytes(client.binary())).isEqualTo(PIXELS);
    }

    @Test
    void theLastValueIsKeptAsBytes() throws Exception {
        start();
        robotPublishes(PIXELS);

        assertThat(BinaryMessages.bytes(binarySubscriber("camera").binary())).isEqualTo(PIXELS);
        assertThat(subscriber("camera").frame()).isEqualTo(TEXT);
    }

    @Test
    void theAckShowsThatBytesAreSent() throws Exception {
        start();

        assertThat(connect().ask(json("{'action':'subscribe','id':1,'topic':'camera','options':{'binary':true}}")))
                .contains(json("'options':{'retained':true,'binary':true}"));
    }

    @Test
    void flatHasNoPlaceForBytes() throws Exception {
        start();

        assertError(
                test.connect("frame=flat")
                        .ask(json("{'action':'subscribe','id':1,'topic':'camera','options':{'binary':true}}")),
                "'id':1,'request':'subscribe','topic':'camera',",
                "bad_request",
                400);
    }

    @Test
    void clientsPublishBytesInTheSameForm() throws Exception {
        start();
        ContractClient binary = binarySubscriber("scan");
        ContractClient text = subscriber("scan");
        List<Message> heard = new CopyOnWriteArrayList<>();
        test.broker().subscribe(TopicFilter.of("scan"), heard::add);
        String data = json("'data':{ 'unit':'m','name':'la\\u0073er','type':'application/octet-stream' }");
        String head = json("{'id':7,'action':'publish',") + data + json(",'topic':'scan' } ");

        ContractClient publisher = connect().sendBinary(published(head, PIXELS));

        assertThat(publisher.frame()).isEqualTo(json("{'action':'ack','id':7,'topic':'scan','seq':1,'subscribers':3}"));
        byte[] message = binary.binary();
        assertThat(BinaryMessages.head(message)).isEqualTo(json("{'action':'publish','topic':'scan',") + data + "}");
        assertThat(BinaryMessages.bytes(message)).isEqualTo(PIXELS);
        assertThat(text.frame())
                .isEqualTo(json("{'action':'publish','topic':'scan',")
                        + data.substring(0, data.length() - 1)
                        + json(",'data':'/9gAAQKAwA=='}}"));
        test.awaitThat(() -> assertThat(heard).hasSize(1));
        assertThat(heard.get(0).payload())
                .isEqualTo(Payload.ofBytes("laser", "application/octet-stream", ByteBuffer.wrap(PIXELS)));
    }

    @Test
    void aBinaryMessageMayComeInFragments() throws Exception {
        start();
        ContractClient subscriber = binarySubscriber("camera");
        byte[] message = published(HEAD, PIXELS);

        connect()
                .sendRaw(concat(
                        frame(BINARY, Arrays.copyOf(message, 2)),
                        frame(CONTINUATION, Arrays.copyOfRange(message, 2, 90)),
                        frame(FIN | CONTINUATION, Arrays.copyOfRange(message, 90, message.length))));

        assertThat(BinaryMessages.bytes(subscriber.binary())).isEqualTo(PIXELS);
    }

    static Stream<Arguments> badMessages() {
        String other = json("{'action':'subscribe','topic':'camera'}");
        String nested = json("{'action':'publish','topic':'camera','data':{'name':'a','type':'b','data':1}}");
        return Stream.of(
                Arguments.of("nothing", "", "bad_request", new byte[0]),
                Arguments.of("half a length", "", "bad_request", bytes(0, 0, 0)),
                Arguments.of("a head longer than the message", "", "bad_request", bytes(0, 0, 0, 9, '{', '}')),
                Arguments.of("a head of 4 GiB", "", "bad_request", bytes(0xff, 0xff, 0xff, 0xff, '{', '}')),
                Arguments.of(
                        "a head of more than 16 KiB",
                        "",
                        "bad_request",
                        concat(bytes(0, 0, 0x40, 1), new byte[20_000])),
                Arguments.of("no head", "", "bad_json", bytes(0, 0, 0, 0, 1, 2)),
                Arguments.of("a head that is no JSON", "", "bad_json", published("camera", PIXELS)),
                Arguments.of(
                        "a head that is not UTF-8",
                        "",
                        "bad_json",
                        concat(bytes(0, 0, 0, 4), bytes('"', 0xc3, '(', '"'))),
                Arguments.of("a head that is no object", "", "bad_request", published("[]", PIXELS)),
                Arguments.of("no action", "", "bad_request", published("{}", PIXELS)),
                Arguments.of("another action", "'request':'subscribe',", "bad_request", published(other, PIXELS)),
                Arguments.of(
                        "a value in the head",
                        "'request':'publish','topic':'camera',",
                        "bad_request",
                        published(nested, PIXELS)),
                Arguments.of(
                        "no data",
                        "'request':'publish','topic':'camera',",
                        "bad_request",
                        published(json("{'action':'publish','topic':'camera'}"), PIXELS)),
                Arguments.of(
                        "no type",
                        "'request':'publish','topic':'camera',",
                        "bad_request",
                        published(json("{'action':'publish','topic':'camera','data':{'name':'a'}}"), PIXELS)),
                Arguments.of(
                        "data in a string",
                        "'request':'publish','topic':'camera',",
                        "bad_request",
                        published(json("{'action':'publish','topic':'camera','data':'{}'}"), PIXELS)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badMessages")
    void aBinaryMessageThatIsNoneIsToldAndClosesNothing(String what, String answered, String code, byte[] message)
            throws Exception {
        start();
        ContractClient client = connect().sendBinary(message);

        assertError(client.frame(), json(answered), code, 400);
        client.hearsNothing();
    }

    @Test
    void aDeclaredTopicTakesWhatItWasDeclaredFor() throws Exception {
        start(settings -> settings.topic(CAMERA).topic(VOLTAGE));
        ContractClient client = connect();
        ContractClient subscriber = binarySubscriber("#");

        assertError(
                client.ask(with("'id':1", TEXT)), "'id':1,'request':'publish','topic':'camera',", "type_mismatch", 422);
        String voltage = json("{'id':2,'action':'publish','topic':'voltage','data':{'name':'v','type':'float'}}");
        assertError(
                client.sendBinary(published(voltage, PIXELS)).frame(),
                "'id':2,'request':'publish','topic':'voltage',",
                "type_mismatch",
                422);
        String png = with("'id':3", HEAD).replace("jpeg", "png");
        assertError(
                client.sendBinary(published(png, PIXELS)).frame(),
                "'id':3,'request':'publish','topic':'camera',",
                "type_mismatch",
                422);
        subscriber.hearsNothing();
        client.sendBinary(published(HEAD, PIXELS)).hearsNothing();
        assertThat(BinaryMessages.bytes(subscriber.binary())).isEqualTo(PIXELS);
    }

    @Test
    void atATopicThatNobodyDeclaredBytesAndJsonMayTakeTurns() throws Exception {
        start();
        ContractClient subscriber = binarySubscriber("camera");
        ContractClient publisher = connect();

        publisher.send(TEXT).sendBinary(published(HEAD, PIXELS)).send(TEXT);

        assertThat(subscriber.frames()).containsExactly(TEXT, TEXT);
        assertThat(subscriber.binaries()).hasSize(1);
    }

    @Test
    void publishingBytesNeedsTheSameRight() throws Exception {
        startGuarded(settings -> settings.anonymousAccess(Permissions.none().subscribe("#")));

        assertError(
                connect().sendBinary(published(with("'id':1", HEAD), PIXELS)).frame(),
                "'id':1,'request':'publish','topic':'camera',",
                "forbidden",
                403);
    }

    @Test
    void publishingBytesHasTheSameRate() throws Exception {
        start(settings -> settings.limits(limits -> limits.requestRate(RequestRate.perSecond(1))));
        ContractClient client = connect();
        for (int i = 0; i < 3; i++) {
            client.sendBinary(published(HEAD, PIXELS));
        }

        assertThat(client.frames()).isNotEmpty().allMatch(frame -> frame.contains("rate_limited"));
    }

    @Test
    void ofBytesTheNewestWaitsUnlessTheClientSaysOtherwise() throws Exception {
        start();
        ContractClient usual = binarySubscriber("camera");
        ContractClient all = subscriberWith("camera", "'binary':true,'policy':'queue'");
        usual.stopReading();
        all.stopReading();
        byte[] value = new byte[100_000];
        for (int i = 1; i <= 30; i++) {
            value[0] = (byte) i;
            assertThat(test.broker().publish(CAMERA, ByteBuffer.wrap(value))).isTrue();
            test.step();
        }
        usual.resumeReading();
        all.resumeReading();

        assertThat(receivedUpTo(usual, 30)).isLessThan(20);
        assertThat(receivedUpTo(all, 30)).isEqualTo(30);
    }

    /** How many messages come up to the one whose first byte is this. */
    private int receivedUpTo(ContractClient client, int last) {
        List<byte[]> received = new ArrayList<>();
        test.awaitThat(() -> {
            received.addAll(client.binaries());
            assertThat(BinaryMessages.bytes(received.get(received.size() - 1))[0] == last)
                    .isTrue();
        });
        return received.size();
    }

    @Test
    void jsonBetweenBytesKeepsItsPlace() throws Exception {
        start();
        ContractClient client = subscriberWith("camera", "'binary':true,'meta':true");
        client.stopReading();
        Payload large = Payload.of("camera", "image/jpeg", "\"" + "x".repeat(200_000) + "\"");
        for (int i = 0; i < 6; i++) {
            assertThat(test.broker().publish("camera", large)).isTrue();
            test.step();
        }
        Payload bytes = Payload.ofBytes("camera", "image/jpeg", ByteBuffer.wrap(PIXELS));
        Payload small = Payload.of("camera", "image/jpeg", "1");
        for (Payload payload : List.of(bytes, small, bytes)) {
            assertThat(test.broker().publish("camera", payload)).isTrue();
        }
        test.step();
        client.resumeReading();

        List<String> texts = client.frames(7);
        List<byte[]> binaries = client.binaries();
        assertThat(texts.get(texts.size() - 1)).contains(json("'seq':8,"));
        assertThat(binaries.size()).isEqualTo(2);
        assertThat(BinaryMessages.head(binaries.get(0))).contains(json("'seq':7,"));
        assertThat(BinaryMessages.head(binaries.get(1))).contains(json("'seq':9,"));
    }

    @Test
    void aFrameOfMoreThanAMebibyteGoesToThoseWhoTakeIt() throws Exception {
        start(settings -> settings.limits(limits -> limits.messageBytes(4 << 20)));
        ContractClient small = binarySubscriber("camera");
        ContractClient text = connect()
                .send(json("{'action':'hello','max_frame_bytes':2000000}"))
                .send(subscribe("camera"));
        ContractClient large = connect();
        assertThat(large.ask(json("{'action':'hello','id':1,'max_frame_bytes':2000000}")))
                .contains(json("'frame_bytes':2000000,"));
        large.send(json("{'action':'subscribe','topic':'camera','options':{'binary':true}}"));
        byte[] value = new byte[1_600_000];

        robotPublishes(value);

        assertThat(BinaryMessages.bytes(large.binary())).isEqualTo(value);
        small.hearsNothing();
        text.hearsNothing(); // base64 is a third longer
        assertThat(test.broker().stats().droppedByCause()).containsEntry("too_large", 2L);
    }

    private static final int LARGE_BYTES = 12 << 20;

    private static final String TAKES_LARGE = json("{'action':'hello','max_frame_bytes':20000000}");

    private void startForLargePictures() throws Exception {
        start(settings -> settings.limits(limits -> limits.messageBytes(16 << 20)
                .frameBytes(20 << 20)
                .queuedBytesPerSession(20 << 20)
                .publishQueueBytes(20 << 20)));
    }

    private ContractClient largePictures(String options) throws Exception {
        ContractClient client = connect()
                .send(TAKES_LARGE)
                .send(json("{'action':'subscribe','topic':'camera','options':{" + options + "}}"));
        test.settle();
        return client;
    }

    private static byte[] largePicture() {
        byte[] value = new byte[LARGE_BYTES];
        new Random(1).nextBytes(value);
        return value;
    }

    private static String textOf(byte[] value) {
        return TEXT.replace("/9gAAQKAwA==", Base64.getEncoder().encodeToString(value));
    }

    @Test
    void aLargePictureComesWholeAsBytesAndInBase64AndWhatFollowsComesBehindIt() throws Exception {
        startForLargePictures();
        ContractClient binary = largePictures("'binary':true");
        ContractClient text = largePictures("");
        ContractClient meta = largePictures("'meta':true");
        byte[] value = largePicture();

        assertThat(test.broker().publish(CAMERA, ByteBuffer.wrap(value))).isTrue();
        test.step();
        assertThat(test.broker().publish(CAMERA, ByteBuffer.wrap(PIXELS))).isTrue();

        String frame = textOf(value);
        for (ContractClient client : List.of(text, meta)) {
            List<String> frames = client.frames(2);
            assertThat(frames.get(0).startsWith(frame.substring(0, frame.length() - 1)))
                    .isTrue();
            assertThat(frames.get(1)).startsWith(TEXT.substring(0, TEXT.length() - 1));
        }
        List<byte[]> messages = binary.binaries();
        assertThat(messages).hasSize(2);
        assertThat(Arrays.equals(BinaryMessages.bytes(messages.get(0)), value)).isTrue();
        assertThat(BinaryMessages.bytes(messages.get(1))).isEqualTo(PIXELS);
        assertThat(test.broker().stats().dropped()).isZero();
    }

    @Test
    void aClientThatLeavesAmidALargePictureTakesNothingFromOthers() throws Exception {
        startForLargePictures();
        ContractClient leaver = largePictures("");
        ContractClient stays = largePictures("");
        byte[] value = largePicture();
        leaver.stopReading();
        assertThat(test.broker().publish(CAMERA, ByteBuffer.wrap(value))).isTrue();
        test.step();

        leaver.abort();

        assertThat(stays.frame().equals(textOf(value))).isTrue();
        test.awaitThat(() -> assertThat(test.broker().sessions()).hasSize(1));
        robotPublishes(PIXELS);
        assertThat(stays.frame()).isEqualTo(TEXT);
    }

    @Test
    void aMessageThatIsTooLargeForAClientIsToldAsThatAndNotAsFallingBehind() throws Exception {
        start(settings -> settings.limits(limits -> limits.messageBytes(4 << 20)));
        ContractClient logs = subscriber("server_logs");
        binarySubscriber("camera");
        logs.frames();

        robotPublishes(new byte[1_600_000]);
        robotPublishes(new byte[1_600_000]);

        assertThat(logs.frame())
                .contains(
                        json("'event':'messages_dropped','message':'c-2 is not sent messages of camera that are larger"
                                + " than its frames (max_frame_bytes of hello) or its queue',"))
                .contains(json("'topic':'camera','attrs':{'dropped':"))
                .contains(json(",'cause':'too_large'}"));
    }

    @Test
    void howLargeAFrameAClientMayAskForIsASetting() throws Exception {
        start(settings -> settings.limits(limits -> limits.frameBytes(3 << 20)));

        assertThat(connect().ask(json("{'action':'hello','id':1,'max_frame_bytes':100000000}")))
                .contains(json("'frame_bytes':3145728,"));
        assertThat(connect().ask(json("{'action':'hello','id':1,'max_frame_bytes':2000}")))
                .contains(json("'frame_bytes':2000,"));
        assertError(
                connect().ask(json("{'action':'hello','id':1,'max_frame_bytes':'2'}")),
                "'id':1,'request':'hello',",
                "bad_request",
                400);
    }

    @Test
    void robotCodeHearsViewsOfBytesThatItCannotChange() throws Exception {
        start();
        List<ByteBuffer> heard = new CopyOnWriteArrayList<>();
        test.broker().subscribe(CAMERA, heard::add);
        connect().sendBinary(published(HEAD, PIXELS));
        test.awaitThat(() -> assertThat(heard).hasSize(1));

        assertThat(heard.get(0)).isEqualTo(ByteBuffer.wrap(PIXELS));
        assertThat(heard.get(0).isReadOnly()).isTrue();
        assertThat(test.broker().latest(CAMERA)).contains(ByteBuffer.wrap(PIXELS));
    }

    @Test
    void publishCopiesAndLeavesTheBufferAsItWas() throws Exception {
        start();
        ContractClient subscriber = binarySubscriber("camera");
        byte[] value = PIXELS.clone();
        ByteBuffer buffer = ByteBuffer.wrap(value).position(2);
        assertThat(test.broker().publish(CAMERA, buffer)).isTrue();
        Arrays.fill(value, (byte) 0);

        assertThat(buffer.position()).isEqualTo(2);
        assertThat(BinaryMessages.bytes(subscriber.binary())).isEqualTo(Arrays.copyOfRange(PIXELS, 2, 7));
    }

    @Test
    void ownedBytesAreSentWhateverBufferTheyComeIn() throws Exception {
        start();
        ContractClient subscriber = binarySubscriber("camera");
        byte[] value = PIXELS.clone();
        List<ByteBuffer> buffers = List.of(
                ByteBuffer.wrap(value),
                ByteBuffer.wrap(value, 0, 4),
                ByteBuffer.wrap(value, 3, 4),
                ByteBuffer.allocateDirect(3).put(value, 0, 3).flip(),
                ByteBuffer.wrap(value).asReadOnlyBuffer());
        for (ByteBuffer buffer : buffers) {
            assertThat(test.broker().publishOwned(CAMERA, buffer)).isTrue();
            test.settle();
            byte[] expected = new byte[buffer.remaining()];
            buffer.get(buffer.position(), expected);
            assertThat(BinaryMessages.bytes(subscriber.binary())).isEqualTo(expected);
        }
    }

    @Test
    void aPayloadThatIsNotWhatItsTopicWasDeclaredForIsRefused() throws Exception {
        start(settings -> settings.topic(CAMERA).topic(VOLTAGE));
        Payload jpeg = Payload.ofBytes("camera", "image/jpeg", ByteBuffer.wrap(PIXELS));
        Payload png = Payload.ofBytes("camera", "image/png", ByteBuffer.wrap(PIXELS));

        assertThat(test.broker().publish("camera", jpeg)).isTrue();
        assertThatThrownBy(() -> test.broker().publish("camera", png))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the payload is bytes of the type \"image/png\", and " + CAMERA
                        + " takes bytes of \"image/jpeg\": publish that, or declare the topic uncheckedFromClients()");
        assertThatThrownBy(() -> test.broker().publish("camera", Payload.of("camera", "image/jpeg", "1")))
                .hasMessageContaining("the payload is JSON of the type \"image/jpeg\"");
        assertThatThrownBy(() -> test.broker().publish("voltage", jpeg))
                .hasMessageContaining("takes JSON of \"float\"");
    }

    @Test
    void whetherATopicIsOfBytesIsPartOfWhatItIs() throws Exception {
        start();
        Topic<ByteBuffer> ofJson = Topic.state("camera", "image/jpeg", CAMERA.codec());

        assertThat(ofJson).isNotEqualTo(CAMERA);
        assertThat(test.broker().publish(CAMERA, ByteBuffer.wrap(PIXELS))).isTrue();
        assertThatThrownBy(() -> test.broker().publish(ofJson, ByteBuffer.wrap(PIXELS)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> test.broker().publishOwned(ofJson, ByteBuffer.wrap(PIXELS)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Topic.binary("camera", "jpeg")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHistoryTellsBytesFromAStringThatLooksLikeThem() throws Exception {
        start(settings -> settings.limits(limits -> limits.history(10)));
        connect().sendBinary(published(HEAD.replace("camera", "scans"), PIXELS));
        test.settle();
        connect().send(TEXT.replace("camera", "scans"));
        test.settle();

        String bytes = json("{'data':{'name':'scans','type':'image/jpeg','data':'/9gAAQKAwA=='},");
        assertThat(connect().ask(json("{'action':'history','topic':'scans','id':5}")))
                .contains(
                        json("'messages':[") + bytes + json("'encoding':'base64','seq':1,"),
                        "}," + bytes + json("'seq':2,"));
    }

    @Test
    void base64OfAllBytesIsThatOfTheRfc() throws Exception {
        start();
        ContractClient text = subscriber("camera");
        byte[] value = new byte[256];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) i;
        }
        robotPublishes(value);

        assertThat(text.frame())
                .contains('"' + new String(Base64.getEncoder().encode(value), StandardCharsets.US_ASCII) + '"');
    }
}
