using Orleans.Serialization.Invocation;

namespace Orleans.Runtime
{
    /// <summary>One activation of a grain, as its components see it.</summary>
    public interface IGrainContext : ITargetHolder, IEquatable<IGrainContext>
    {
        GrainReference GrainReference { get; }

        GrainId GrainId { get; }

        /// <summary>The grain object; null before it is constructed and after it is gone.</summary>
        object? GrainInstance { get; }

        ActivationId ActivationId { get; }

        /// <summary>The services of this activation, a scope of their own that ends with it.</summary>
        IServiceProvider ActivationServices { get; }

        /// <summary>Stages in <see cref="GrainLifecycleStage"/>; subscribe from the grain's constructor.</summary>
        IGrainLifecycle ObservableLifecycle { get; }

        /// <summary>Runs work as turns of this activation.</summary>
        IWorkItemScheduler Scheduler { get; }

        /// <summary>Completes when the activation has been deactivated.</summary>
        Task Deactivated { get; }

        /// <summary>Sets the component of a type; null removes it.</summary>
        void SetComponent<TComponent>(TComponent? value) where TComponent : class;

        /// <summary>
        /// Starts deactivation: requests under way finish, those that wait go to the next activation. Returns at once.
        /// </summary>
        void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
    }

    /// <summary>Runs work as turns of an activation.</summary>
    public interface IWorkItemScheduler
    {
        void QueueAction(Action action);

        void QueueTask(Task task);
    }

    /// <summary>Gives the activation whose turn is running.</summary>
    public interface IGrainContextAccessor
    {
        IGrainContext GrainContext { get; }
    }

    /// <summary>Installs extensions on an activation.</summary>
    public interface IGrainExtensionBinder
    {
        TExtensionInterface GetExtension<TExtensionInterface>()
            where TExtensionInterface : class, IGrainExtension;

        (TExtension, TExtensionInterface) GetOrSetExtension<TExtension, TExtensionInterface>(
            Func<TExtension> newExtensionFunc)
            where TExtension : class, TExtensionInterface
            where TExtensionInterface : class, IGrainExtension;
    }

    public static class TargetHolderExtensions
    {
        public static TComponent? GetComponent<TComponent>(this ITargetHolder targetHolder) where TComponent : class
            => targetHolder.GetComponent(typeof(TComponent)) as TComponent;
    }
}

namespace Orleans
{
    public static class GrainContextComponentExtensions
    {
        /// <summary>The extension of an activation, made from its registration when it is not there yet.</summary>
        public static TComponent GetGrainExtension<TComponent>(this Runtime.IGrainContext context)
            where TComponent : class, Runtime.IGrainExtension
        {
            var binder = Runtime.TargetHolderExtensions.GetComponent<Runtime.IGrainExtensionBinder>(context)
                ?? throw new InvalidOperationException($"{context} cannot hold extensions.");
            return binder.GetExtension<TComponent>();
        }
    }
}
