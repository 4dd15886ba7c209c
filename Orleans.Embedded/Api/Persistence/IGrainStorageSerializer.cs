namespace Orleans.Storage;

/// <summary>Turns grain states into bytes and back. Called from any thread; must not keep the state.</summary>
public interface IGrainStorageSerializer
{
    BinaryData Serialize<T>(T? input);

    T? Deserialize<T>(BinaryData input);
}

/// <summary>Options of a storage provider that serialises states.</summary>
public interface IStorageProviderSerializerOptions
{
    /// <summary>
    /// The serializer. Default: the one registered under the provider's name, else the one registered without a name.
    /// </summary>
    IGrainStorageSerializer GrainStorageSerializer { get; set; }
}
