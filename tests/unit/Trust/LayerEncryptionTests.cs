using System.Buffers.Text;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Podsharp.Engine.Images;
using Podsharp.Engine.Trust.Encryption;
using Podsharp.Model;

namespace Podsharp.UnitTests.Trust;

public sealed class LayerEncryptionTests : IDisposable
{
    private const string Annotation = "org.opencontainers.image.enc.keys.jwe";
    private static readonly byte[] s_plain = RandomNumberGenerator.GetBytes(200_003);

    private readonly RSA _alice = RSA.Create(2048);
    private readonly RSA _bob = RSA.Create(2048);
    private readonly string _directory = Directory.CreateTempSubdirectory("podsharp-encryption-").FullName;

    public void Dispose()
    {
        _alice.Dispose();
        _bob.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    // NIST SP 800-38A, F.5.5: CTR-AES256.
    [Theory]
    [InlineData(64)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(17)]
    public void The_cipher_is_AES_in_counter_mode_whatever_the_pieces(int piece)
    {
        var key = Convert.FromHexString("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        var data = Convert.FromHexString("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710");
        using var cipher = new LayerCipher(key, Convert.FromHexString("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"));
        for (var i = 0; i < data.Length; i += piece)
            cipher.Encrypt(data.AsSpan(i, Math.Min(piece, data.Length - i)));
        Assert.Equal("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6", Convert.ToHexStringLower(data));
        Assert.Equal(HMACSHA256.HashData(key, data), cipher.Code());
    }

    [Fact]
    public void The_counter_has_all_of_its_bits()
    {
        var (key, first) = (RandomNumberGenerator.GetBytes(32), Enumerable.Repeat((byte)0xff, 16).ToArray());
        var data = new byte[48];
        using var cipher = new LayerCipher(key, first);
        cipher.Encrypt(data);
        using var aes = Aes.Create();
        aes.Key = key;
        Assert.Equal(aes.EncryptEcb([.. first, .. new byte[16], .. new byte[15], 1], PaddingMode.None), data);
    }

    // RFC 7516, A.1, as flattened JSON.
    [Fact]
    public void The_example_of_JWEs_specification_is_opened()
    {
        using var key = SpecificationKey();
        var wrapped = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["protected"] = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ",
            ["encrypted_key"] = "OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGeipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv2322i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6UklfCpIMfIjf7iGdXKHzg",
            ["iv"] = "48V1_ALb6US04U3b",
            ["ciphertext"] = "5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A",
            ["tag"] = "XFBoMYUZodetZdvTiFvSkQ",
        });
        Assert.Equal("The true sign of intelligence is not knowledge but imagination.", Encoding.UTF8.GetString(KeyWrap.Unwrap(wrapped, [_alice, key])!));
        Assert.Null(KeyWrap.Unwrap(wrapped, [_alice, _bob]));
    }

    [Fact]
    public void A_wrapped_secret_opens_for_each_recipient_and_nobody_else()
    {
        byte[] secret = [1, 2, 3];
        using var eve = RSA.Create(2048);
        foreach (IReadOnlyList<RSA> recipients in new RSA[][] { [_alice], [_alice, _bob] })
        {
            var wrapped = KeyWrap.Wrap(secret, recipients);
            Assert.All(recipients, key => Assert.Equal(secret, KeyWrap.Unwrap(wrapped, [eve, key])));
            Assert.Null(KeyWrap.Unwrap(wrapped, [eve]));
            Assert.Null(KeyWrap.Unwrap(wrapped, []));
        }
    }

    [Theory]
    [InlineData("ciphertext")]
    [InlineData("iv")]
    [InlineData("tag")]
    [InlineData("protected")]
    public void A_wrapped_secret_that_was_changed_is_no_secret(string member)
    {
        var json = JsonNode.Parse(KeyWrap.Wrap([1, 2, 3], [_alice]))!;
        var bytes = Base64Url.DecodeFromChars(json[member]!.GetValue<string>());
        if (member == "protected")
            json[member] = Base64Url.EncodeToString([.. "{ "u8, .. bytes[1..]]);
        else
            json[member] = Base64Url.EncodeToString([(byte)(bytes[0] ^ 1), .. bytes[1..]]);
        Assert.Throws<JsonException>(() => KeyWrap.Unwrap(Encoding.UTF8.GetBytes(json.ToJsonString()), [_alice]));
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("""{"protected":"e30","recipients":7}""")]
    [InlineData("""{"protected":"e30"}""")]
    [InlineData("""{"protected":"!","encrypted_key":"AA"}""")]
    [InlineData("""{"protected":"eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00iLCJ6aXAiOiJERUYifQ","encrypted_key":"AA"}""")]
    public void What_isnt_understood_is_an_error(string json) => Assert.ThrowsAny<JsonException>(() => KeyWrap.Unwrap(Encoding.UTF8.GetBytes(json), [_alice]));

    [Fact]
    public async Task A_layer_comes_out_as_it_went_in()
    {
        var (blob, layer) = await EncryptAsync(_alice, _bob);
        Assert.NotEqual(s_plain, blob);
        Assert.Equal(s_plain.Length, layer.Size);
        Assert.Equal(s_plain, await DecryptAsync(blob, layer, _bob));
        // Each layer has a key of its own.
        Assert.NotEqual(blob, (await EncryptAsync(_alice, _bob)).Blob);
    }

    [Fact]
    public async Task A_blob_is_made_again_as_it_was()
    {
        var key = LayerKey.Create();
        Assert.Equal((await EncryptAsync(key, 1000)).Blob, (await EncryptAsync(key, 70_000)).Blob);
    }

    [Fact]
    public async Task What_was_changed_on_the_way_fails_at_its_end()
    {
        var (blob, layer) = await EncryptAsync(_alice);
        blob[100_000] ^= 1;
        Assert.Equal("DigestMismatch", (await Assert.ThrowsAsync<ContainerEngineException>(() => DecryptAsync(blob, layer, _alice))).ErrorId);
        // Who changes the manifest, too, is found out by the authentication code.
        var forged = layer with { Digest = ContentDigest.Of(blob).ToString() };
        Assert.Equal("LayerCodeMismatch", (await Assert.ThrowsAsync<ContainerEngineException>(() => DecryptAsync(blob, forged, _alice))).ErrorId);
        Assert.Equal("DigestMismatch", (await Assert.ThrowsAsync<ContainerEngineException>(() => DecryptAsync(blob[..^1], layer, _alice))).ErrorId);
    }

    [Fact]
    public async Task Without_the_right_key_a_layer_stays_closed()
    {
        var (_, layer) = await EncryptAsync(_alice);
        Assert.Equal("LayerEncrypted", Assert.Throws<ContainerEngineException>(() => LayerKey.Open(layer, [], "it")).ErrorId);
        Assert.Equal("LayerEncrypted", Assert.Throws<ContainerEngineException>(() => LayerKey.Open(layer, [_bob], "it")).ErrorId);
        // Wrapped twice, for one after the other, as ocicrypt adds recipients.
        var (_, other) = await EncryptAsync(_bob);
        var both = layer with { Annotations = new(layer.Annotations!) { [Annotation] = other.Annotations![Annotation] + "," + layer.Annotations![Annotation] } };
        Assert.Equal(LayerKey.Open(layer, [_alice], "it").Key, LayerKey.Open(both, [_alice], "it").Key);
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<ContainerEngineException>(() => LayerKey.Open(layer with { Annotations = new() { ["org.opencontainers.image.enc.keys.pgp"] = "x" } }, [_alice], "it")).Kind);
        Assert.Equal("LayerKeyCorrupt", Assert.Throws<ContainerEngineException>(() => LayerKey.Open(layer with { Annotations = new() { [Annotation] = "x" } }, [_alice], "it")).ErrorId);
        Assert.Equal("LayerKeyCorrupt", Assert.Throws<ContainerEngineException>(() =>
            LayerKey.Open(layer with { Annotations = new() { [Annotation] = layer.Annotations![Annotation] } }, [_alice], "it")).ErrorId);
    }

    [Fact]
    public void Layers_are_counted_from_either_end()
    {
        var file = Write("pub.pem", _alice.ExportSubjectPublicKeyInfoPem());
        using var some = LayerEncryption.Open(new() { Keys = ["jwe:" + file], Layers = [0, -1] })!;
        Assert.Equal([0, 3], some.Choose(4).Order());
        Assert.Equal([0], some.Choose(1));
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => some.Choose(0)).Kind);
        using var all = LayerEncryption.Open(new() { Keys = ["jwe:" + file] })!;
        Assert.Equal([0, 1], all.Choose(2).Order());
        Assert.Null(LayerEncryption.Open(new()));
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => LayerEncryption.Open(new() { Layers = [0] })).Kind);
    }

    [Fact]
    public void Keys_are_read_in_all_forms_that_openssl_writes()
    {
        var parameters = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 2048);
        (string Pem, string? Passphrase)[] keys = [(_alice.ExportPkcs8PrivateKeyPem(), null), (_alice.ExportRSAPrivateKeyPem(), null), (_alice.ExportPkcs8PrivateKeyPem(), "not needed"),
            (_alice.ExportEncryptedPkcs8PrivateKeyPem("pa:ss", parameters), "pa:ss"), (Legacy("pa:ss"), "pa:ss")];
        foreach (var (pem, passphrase) in keys)
        {
            using var key = KeyFiles.ReadPrivate([new(Write("key.pem", pem), passphrase)])[0];
            Assert.Equal(_alice.ExportParameters(true).D, key.ExportParameters(true).D);
        }
        Refused(Legacy("right"), "wrong", "can't be opened by this passphrase");
        Refused(_alice.ExportEncryptedPkcs8PrivateKeyPem("right", parameters), "wrong", "can't be opened by this passphrase");
        Refused(Legacy("right"), null, "needs a passphrase");
        Refused(_alice.ExportSubjectPublicKeyInfoPem(), null, "is not an RSA private key");
        Refused("nonsense", null, "is not an RSA private key");
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(curve.ExportPkcs8PrivateKeyPem(), null, "is not an RSA private key");
        Assert.Equal("EncryptionKeyUnusable", Assert.Throws<ContainerEngineException>(() => KeyFiles.ReadPrivate([new(_directory + "/none", null)])).ErrorId);
    }

    [Fact]
    public void Public_keys_have_a_kind_and_are_public()
    {
        using var read = KeyFiles.ReadPublic(["jwe:" + Write("pub.pem", _alice.ExportSubjectPublicKeyInfoPem())])[0];
        Assert.Equal(_alice.ExportParameters(false).Modulus, read.ExportParameters(false).Modulus);
        var secret = Write("key.pem", _alice.ExportPkcs8PrivateKeyPem());
        Assert.Equal("EncryptionKeyUnusable", Assert.Throws<ContainerEngineException>(() => KeyFiles.ReadPublic(["jwe:" + secret])).ErrorId);
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<ContainerEngineException>(() => KeyFiles.ReadPublic([secret])).Kind);
        Assert.Equal(ErrorKind.Unsupported, Assert.Throws<ContainerEngineException>(() => KeyFiles.ReadPublic(["pgp:alice@example.org"])).Kind);
    }

    [Fact]
    public void A_passphrase_is_not_told_with_the_rest() => Assert.DoesNotContain("hush", new DecryptionKey("/key.pem", "hush").ToString(), StringComparison.Ordinal);

    private void Refused(string pem, string? passphrase, string why)
    {
        var error = Assert.Throws<ContainerEngineException>(() => KeyFiles.ReadPrivate([new(Write("key.pem", pem), passphrase)]));
        Assert.Equal("EncryptionKeyUnusable", error.ErrorId);
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        var file = Path.Combine(_directory, name);
        File.WriteAllText(file, text);
        return file;
    }

    // As openssl rsa -aes256 -traditional writes it.
    private string Legacy(string passphrase)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        byte[] Round(byte[] last) => MD5.HashData([.. last, .. Encoding.UTF8.GetBytes(passphrase), .. salt[..8]]);
        var first = Round([]);
        using var aes = Aes.Create();
        aes.Key = [.. first, .. Round(first)];
        var text = Convert.ToBase64String(aes.EncryptCbc(_alice.ExportRSAPrivateKey(), salt), Base64FormattingOptions.InsertLineBreaks);
        return $"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,{Convert.ToHexString(salt)}\n\n{text}\n-----END RSA PRIVATE KEY-----\n";
    }

    private static async Task<(byte[] Blob, Descriptor Layer)> EncryptAsync(params RSA[] recipients)
    {
        var key = LayerKey.Create();
        var (blob, code) = await EncryptAsync(key, 12_345);
        return (blob, new Descriptor
        {
            MediaType = MediaTypes.Encrypted(MediaTypes.OciLayer),
            Digest = ContentDigest.Of(blob).ToString(),
            Size = blob.Length,
            Annotations = (key with { Code = code }).ToAnnotations(recipients, ContentDigest.Of(s_plain)),
        });
    }

    private static async Task<(byte[] Blob, byte[] Code)> EncryptAsync(LayerKey key, int piece)
    {
        using var stream = new MemoryStream();
        using var writer = new EncryptedWriter(key, async (data, stop) => await stream.WriteAsync(data, stop));
        for (var i = 0; i < s_plain.Length; i += piece)
            await writer.WriteAsync(s_plain.AsMemory(i, Math.Min(piece, s_plain.Length - i)), CancellationToken.None);
        var made = writer.Finish();
        Assert.Equal(ContentDigest.Of(stream.ToArray()), made.Digest);
        return (stream.ToArray(), writer.Code);
    }

    private static async Task<byte[]> DecryptAsync(byte[] blob, Descriptor layer, RSA key)
    {
        var (input, output, buffer) = (new MemoryStream(blob), new MemoryStream(), new byte[7777]);
        using var encrypted = new EncryptedBlob((into, stop) => input.ReadAsync(into, stop), LayerKey.Open(layer, [key], "it"), ContentDigest.Parse(layer.Digest, "it"), "the layer");
        for (int count; (count = await encrypted.ReadAsync(buffer, CancellationToken.None)) > 0;)
            output.Write(buffer, 0, count);
        // Readers of blocks ask once more after the end.
        Assert.Equal(0, await encrypted.ReadAsync(buffer, CancellationToken.None));
        return output.ToArray();
    }

    private static RSA SpecificationKey()
    {
        var modulus = Base64Url.DecodeFromChars("oahUIoWw0K0usKNuOR6H4wkf4oBUXHTxRvgb48E-BVvxkeDNjbC4he8rUWcJoZmds2h7M70imEVhRU5djINXtqllXI4DFqcI1DgjT9LewND8MW2Krf3Spsk_ZkoFnilakGygTwpZ3uesH-PFABNIUYpOiN15dsQRkgr0vEhxN92i2asbOenSZeyaxziK72UwxrrKoExv6kc5twXTq4h-QChLOln0_mtUZwfsRaMStPs6mS6XrgxnxbWhojf663tuEQueGC-FCMfra36C9knDFGzKsNa7LZK2djYgyD3JR_MB_4NUJW_TqOQtwHYbxevoJArm-L5StowjzGy-_bq6Gw");
        var d = Base64Url.DecodeFromChars("kLdtIj6GbDks_ApCSTYQtelcNttlKiOyPzMrXHeI-yk1F7-kpDxY4-WY5NWV5KntaEeXS1j82E375xxhWMHXyvjYecPT9fpwR_M9gV8n9Hrh2anTpTD93Dt62ypW3yDsJzBnTnrYu1iwWRgBKrEYY46qAZIrA2xAwnm2X7uGR1hghkqDp0Vqj3kbSCz1XyfCs6_LehBwtxHIyh8Ripy40p24moOAbgxVw3rxT_vlt3UVe4WO3JkJOzlpUf-KTVI2Ptgm-dARxTEtE-id-4OJr0h-K-VFs3VSndVTIznSxfyrj8ILL6MG_Uv8YAu7VILSB3lOW085-4qE3DzgrTjgyQ");
        var p = Base64Url.DecodeFromChars("1r52Xk46c-LsfB5P442p7atdPUrxQSy4mti_tZI3Mgf2EuFVbUoDBvaRQ-SWxkbkmoEzL7JXroSBjSrK3YIQgYdMgyAEPTPjXv_hI2_1eTSPVZfzL0lffNn03IXqWF5MDFuoUYE0hzb2vhrlN_rKrbfDIwUbTrjjgieRbwC6Cl0");
        var q = Base64Url.DecodeFromChars("wLb35x7hmQWZsWJmB_vle87ihgZ19S8lBEROLIsZG4ayZVe9Hi9gDVCOBmUDdaDYVTSNx_8Fyw1YYa9XGrGnDew00J28cRUoeBB_jKI1oma0Orv1T9aXIWxKwd4gvxFImOWr3QRL9KEBRzk2RatUBnmDZJTIAfwTs0g68UZHvtc");
        BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true, isBigEndian: true);
        byte[] Bytes(BigInteger number) => [.. new byte[p.Length - number.GetByteCount(isUnsigned: true)], .. number.ToByteArray(isUnsigned: true, isBigEndian: true)];
        return RSA.Create(new RSAParameters
        {
            Modulus = modulus,
            Exponent = [1, 0, 1],
            D = d,
            P = p,
            Q = q,
            DP = Bytes(Number(d) % (Number(p) - 1)),
            DQ = Bytes(Number(d) % (Number(q) - 1)),
            InverseQ = Bytes(BigInteger.ModPow(Number(q), Number(p) - 2, Number(p))),
        });
    }
}
