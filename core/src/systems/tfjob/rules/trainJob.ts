export const TRAINJOB = 'trainer.kubeflow.org/TrainJob';
