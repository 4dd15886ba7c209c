using System.Reflection;
using Orleans.Runtime;

namespace Orleans
{
    /// <summary>
    /// Marks an attribute of a constructor parameter that says how to make the argument; the maker is the service
    /// <see cref="IAttributeToFactoryMapper{TMetadata}"/> of that attribute.
    /// </summary>
    public interface IFacetMetadata;

    public delegate TInstance Factory<in TParam1, out TInstance>(TParam1 param1);
}

namespace Orleans.Runtime
{
    /// <summary>Makes the arguments that an attribute of type <typeparamref name="TMetadata"/> asks for.</summary>
    public interface IAttributeToFactoryMapper<in TMetadata> where TMetadata : IFacetMetadata
    {
        /// <summary>Called once for a parameter of a class; the factory is called once for an activation.</summary>
        Factory<IGrainContext, object> GetFactory(ParameterInfo parameter, TMetadata metadata);
    }
}
